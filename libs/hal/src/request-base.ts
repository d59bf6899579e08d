import type { FastifyRequest } from 'fastify';
import { authorityOf, calledAs, type CalledRequest, hasCalledHost } from './called-as';

/** Returns scheme, host, port and prefix that the client used, without a slash at the end, as `calledAs` finds them. */
export function requestBase(request: CalledRequest): string {
  const called = calledAs(request);
  return `${called.protocol}://${authorityOf(called)}${called.prefix}`;
}

/** Returns the URL as the client sent it, query included. */
export function requestUrl(request: FastifyRequest): string {
  return requestBase(request) + requestTarget(request);
}

/** Returns path and query as received, without duplicate slashes. */
export function requestTarget(request: FastifyRequest): string {
  const [path = '/', ...query] = (request.originalUrl ?? '/').split('?');
  return [path.replace(/\/{2,}/g, '/'), ...query].join('?');
}

/** Returns the host that the client called, with the port where it is neither 80 nor 443; empty where it named none. */
export function calledHost(request: CalledRequest): string {
  if (!hasCalledHost(request)) return '';
  const { name, port } = calledAs(request);
  return ['80', '443'].includes(port) ? name : `${name}:${port}`;
}
