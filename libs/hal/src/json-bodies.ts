import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

const jsonTypes = [
  'application/json',
  'application/hal+json',
  'application/merge-patch+json',
  'application/json-patch+json',
];

/** Reads request bodies as JSON under the types that carry it, and where no type is given. Any other type is 415. An empty body is undefined. */
export function readJsonBodies(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<string>(jsonTypes, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    void parse(request, body, (error, value) => done(error && malformed(), value));
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

function malformed(): Error {
  return new BadRequestException('JSON parse error: the body is not valid JSON');
}
