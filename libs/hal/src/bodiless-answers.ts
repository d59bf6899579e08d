import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';

/**
 * 204 and 304 never have a body, and tell no length of one (RFC 9110, 8.6): a 304 that told 0 would tell the length of the
 * document. Fastify would, unless there is nothing at all to send, or to HEAD a stream.
 */
export function tellNoLengthOfNothing(instance: FastifyInstance): void {
  instance.addHook('onSend', ({ method }, { statusCode }, payload, done) => {
    const isBodiless = statusCode === 204 || statusCode === 304;
    if (!isBodiless || (payload !== undefined && payload !== '')) return done();
    done(null, method === 'HEAD' ? Readable.from([]) : null);
  });
}
