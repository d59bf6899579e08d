import { limitAtOnce } from '@storefront/hal';
import type { FastifyInstance } from 'fastify';

/** API documents, rings of requests and events, and what records and documents are read for: each may hold some MiB. */
const long = /^\/(v3\/api-docs|actuator\/(auditevents|digest|httpexchanges|parked|republish|threaddump))(\/|$)/;
const MAX_AT_ONCE = 8;

/** Of the endpoints beside the resources that have long answers, eight are answered at a time; the others get 503 with `Retry-After`. Probes and metrics are not among them. */
export function limitLongAnswers(instance: FastifyInstance): void {
  limitAtOnce(instance, {
    max: MAX_AT_ONCE,
    reason: 'Too many long answers are being sent.',
    isMeant: ({ routeOptions }) => long.test(routeOptions.url ?? ''),
  });
}
