import { limitAtOnce } from '@storefront/hal';
import type { FastifyInstance } from 'fastify';

/** Each may hold some MiB: what is kept in rings, or records and documents that are read for it. */
const large = /^\/actuator\/(auditevents|digest|httpexchanges|parked|republish|threaddump)(\/|$)/;
const MAX_AT_ONCE = 8;

/** Of the management endpoints with long answers, eight are answered at a time; the others get 503. Probes and metrics are not among them. */
export function limitOperatorReads(instance: FastifyInstance): void {
  limitAtOnce(instance, {
    max: MAX_AT_ONCE,
    reason: 'Too many management endpoints are being read.',
    isMeant: ({ routeOptions }) => large.test(routeOptions.url ?? ''),
  });
}
