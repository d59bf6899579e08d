import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** As many as Tomcat takes. */
const mostHeaders = 100;
const mostMembers = 50;
/** A header up to this long can hold nothing that would cost anything to read. */
const shortChars = 256;

/** Headers that are lists, separated by commas, and that something here takes apart. */
const lists = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'access-control-request-headers',
  'baggage',
  'cache-control',
  'connection',
  'consistency-token',
  'forwarded',
  'if-match',
  'if-none-match',
  'prefer',
  'range',
  'tracestate',
  'via',
  'x-forwarded-for',
]);
/** Headers with one value, or a few, that a server keeps, logs or puts into links. */
const singles = new Set([
  'content-encoding',
  'content-type',
  'host',
  'idempotency-key',
  'origin',
  'traceparent',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
]);
const singleChars = 1_024;
/** Fastify keeps what it made of the last hundred, parameters and all. */
const charsOf: Readonly<Record<string, number>> = { 'content-type': shortChars };

/** RFC 6585, 5: the answer says which header it is about. */
class HeaderTooLarge extends HttpException {
  constructor(message: string) {
    super(message, 431);
  }
}

/**
 * Refuses with 431 what nobody sends who means well: more than 100 headers, more than 50 members in a list such as `Accept`,
 * more than 256 characters of `Content-Type` or 1,024 of another header that is read as one value. The server has bounded
 * their bytes together before.
 */
export function limitHeaders(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    done(tooLarge(request));
  });
}

function tooLarge({ raw: { rawHeaders }, headers }: FastifyRequest): HeaderTooLarge | undefined {
  if (rawHeaders.length > 2 * mostHeaders)
    return new HeaderTooLarge(`A request may have ${mostHeaders} headers at most.`);
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' || value.length <= shortChars) continue;
    const mostChars = charsOf[name] ?? singleChars;
    if (singles.has(name) && value.length > mostChars)
      return new HeaderTooLarge(`The header ${name} may have ${mostChars} characters at most.`);
    if (lists.has(name) && value.split(',', mostMembers + 1).length > mostMembers)
      return new HeaderTooLarge(`The header ${name} may have ${mostMembers} members at most.`);
  }
  return undefined;
}
