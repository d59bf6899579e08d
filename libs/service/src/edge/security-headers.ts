import { isOpenManagementUrl } from '@storefront/actuator';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Swagger UI is the only page: scripts in files, a style element and style attributes, icons as data. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const impersonalPaths = /^\/(?:$|(?:problems|profile)(?:\/|$)|swagger-ui(?:\/|$)|v3\/api-docs(?:-json|-yaml)?$)/;

/**
 * Gives every answer the headers that keep browsers and caches from doing harm with it: `nosniff`, no frames, no referrer to
 * other origins, a content security policy for pages, and `Cache-Control`: `no-store` for whatever may be about a person, errors
 * too, `private, no-cache` for the rest. What a handler has set is kept. ETags work as ever: a client that keeps what it has got
 * itself is no cache. `impersonal` are paths whose answers are about nobody, with what is below them, besides those of every service.
 */
export function protectAnswers(instance: FastifyInstance, impersonal: readonly string[] = []): void {
  instance.addHook('onSend', (request, reply, payload, done) => {
    protect(request, reply, impersonal);
    done(null, payload);
  });
}

/** Sets the headers of one answer, for those that no hook sees. */
export function protect(request: FastifyRequest, reply: FastifyReply, impersonal: readonly string[] = []): void {
  reply.header('x-content-type-options', 'nosniff');
  reply.header('x-frame-options', 'DENY');
  reply.header('referrer-policy', 'same-origin');
  if (!reply.hasHeader('cache-control'))
    reply.header('cache-control', isImpersonal(request.url, impersonal) ? 'private, no-cache' : 'no-store');
  const type = reply.getHeader('content-type');
  if (typeof type === 'string' && type.startsWith('text/html') && !reply.hasHeader('content-security-policy'))
    reply.header('content-security-policy', contentSecurityPolicy);
}

function isImpersonal(url: string, impersonal: readonly string[]): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return (
    impersonalPaths.test(path) ||
    impersonal.some((each) => path === each || path.startsWith(`${each}/`)) ||
    isOpenManagementUrl(url)
  );
}
