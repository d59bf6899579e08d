import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Room for every path and query that means something; links of a page repeat the query up to five times. */
const mostTargetCharacters = 4_096;

/** Refuses requests whose path and query together have more than 4,096 characters with 414. Before any route is registered. */
export function refuseLongTargets(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ originalUrl }, _reply, done) => {
    const isLong = originalUrl.length > mostTargetCharacters;
    done(isLong ? new HttpException('The path and the query of the request are too long.', 414) : undefined);
  });
}
