import type { FastifyInstance } from 'fastify';

const jsonTypes = ['application/json', 'application/hal+json', 'application/merge-patch+json'];

/** Reads request bodies as JSON under the three types that carry it, and where no type is given. Any other type is 415. An empty body is undefined. */
export function readJsonBodies(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<string>(jsonTypes, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
  instance.addHook('onRequest', (request, _reply, done) => {
    if (!request.headers['content-type']) request.headers['content-type'] = 'application/json';
    done();
  });
}
