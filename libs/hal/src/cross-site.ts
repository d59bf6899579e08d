import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { CalledRequest } from './called-as';
import { calledHost } from './request-base';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes something, although its method says that it does not. */
    changes?: boolean;
  }
}

/** Marks a GET that changes something: it is refused to pages of other origins, as writes are. */
export function Changes(): MethodDecorator {
  return applyDecorators(RouteConfig({ changes: true }));
}

/**
 * Whether a browser sent the request for a page of another origin. What the browser says of it (`Sec-Fetch-Site`, which no page
 * can set) decides; without it the host of `Origin` is held against the host that the client called, as trusted proxies report it.
 * The scheme is not looked at: a front that ends TLS does not always tell of it. Requests that have neither header are not from a page.
 */
export function isCrossSite(request: CalledRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && !isOwn(origin, calledHost(request));
}

function isOwn(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  return page !== null && page.host !== '' && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}
