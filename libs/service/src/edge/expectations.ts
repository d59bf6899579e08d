import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Refuses with 417 a request that expects something else than `100-continue` (RFC 9110, 10.1.1), which Node has answered before. */
export function refuseExpectations(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ headers: { expect } }, _reply, done) => {
    const isMet = expect === undefined || expect.trim().toLowerCase() === '100-continue';
    done(isMet ? undefined : new HttpException('Expect: only 100-continue can be expected.', 417));
  });
}
