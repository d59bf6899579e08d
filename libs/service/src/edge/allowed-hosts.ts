import { isOpenManagementUrl } from '@storefront/actuator';
import { answerProblemDetails, calledHost } from '@storefront/hal';
import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** As RFC 9110 names a request that came to a server that is not meant. */
const misdirected = 421;

/**
 * Refuses with 421 what was not sent to one of these names: a page whose name was made to lead here (DNS rebinding), and links
 * with a host that somebody else chose. A name without a port stands for every port. An empty list lets all in. Probes and
 * Prometheus call pods by address, so the open management endpoints answer under any name.
 */
export function checkHosts(instance: FastifyInstance, allowed: readonly string[]): void {
  if (allowed.length === 0) return;
  const names = new Set(allowed);
  instance.addHook('onRequest', (request, reply, done) => {
    const host = calledHost(request).toLowerCase();
    if (isOpenManagementUrl(request.url) || names.has(host) || names.has(host.replace(/:\d{1,5}$/, ''))) return done();
    const detail = `This server is not ${host.slice(0, 200) || 'without a name'}: ALLOWED_HOSTS has its names.`;
    answerProblemDetails(new HttpException(detail, misdirected), request, reply);
  });
}
