import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import { halfCharacterIn, invalidUtf8In, type TextPath } from '@storefront/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidRequest } from './invalid-request';
import { excessOf } from './json-limits';
import { fieldOf } from './schema-pipe';

const jsonTypes = [
  'application/json',
  'application/hal+json',
  'application/merge-patch+json',
  'application/json-patch+json',
];

/**
 * Reads request bodies as JSON under the types that carry it, and where no type is given. Any other type is 415, and so is a
 * body that is compressed or in another character set than UTF-8; one that is no UTF-8, nests more than 500 levels or has more
 * than 10,000 values is 400. An empty body is undefined.
 */
export function readJsonBodies(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>(jsonTypes, { parseAs: 'buffer' }, (request, body, done) => {
    if (isEncoded(request)) return done(new UnsupportedMediaTypeException());
    if (body.length === 0) return done(null, undefined);
    const wrong = invalidUtf8In(body);
    if (wrong) return done(unreadable(wrong, 'is not UTF-8'));
    const text = body.toString();
    const excess = excessOf(text);
    if (excess !== undefined) return done(malformed(`it ${excess}`));
    void parse(request, text, (error, value) => {
      if (error) return done(malformed('the body is not valid JSON'));
      const half = halfCharacterIn(text, value);
      if (half) return done(unreadable(half, 'has half of a character (a lone surrogate)'));
      done(null, value);
    });
  });
  instance.addHook('onRequest', (request, _reply, done) => {
    if (!request.headers['content-type']) request.headers['content-type'] = 'application/json';
    done();
  });
}

/** `request.body` is the stream of bytes as they arrive; one that says it is over the limit is refused. */
export function passBodiesOn(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  const { bodyLimit = Infinity } = instance.initialConfig;
  instance.addContentTypeParser('*', (request, payload, done) => {
    const isTooLarge = Number(request.headers['content-length'] ?? 0) > bodyLimit;
    done(isTooLarge ? new PayloadTooLargeException('Request body is too large') : null, payload);
  });
}

/** In a way that nobody decodes here. */
function isEncoded({ headers }: FastifyRequest): boolean {
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? [];
  return !/^(identity)?$/i.test(headers['content-encoding'] ?? '') || !/^(utf-?8|us-ascii)$/i.test(charset);
}

function unreadable(path: TextPath, message: string): Error {
  const field = fieldOf(path).toWellFormed();
  return field === '' ? malformed(`the body ${message}`) : new InvalidRequest([{ field, message }]);
}

function malformed(reason: string): Error {
  return new BadRequestException(`JSON parse error: ${reason}`);
}
