import { BadRequestException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

const jsonTypes = ['application/json', 'application/hal+json', 'application/merge-patch+json'];

/** Reads request bodies as JSON under the three types that carry it, and where no type is given. Any other type is 415. An empty body is undefined. */
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

function malformed(): Error {
  return new BadRequestException('JSON parse error: the body is not valid JSON');
}
