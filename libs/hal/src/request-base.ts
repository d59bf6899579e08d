import type { FastifyRequest } from 'fastify';

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Scheme, host, port and prefix the client used, without a slash at the end: what a proxy reports in
 * `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, else what arrived here. Values that cannot be part of a URL are not used.
 */
export function requestBase(request: FastifyRequest): string {
  const forwardedProto = forwarded(request, 'x-forwarded-proto')[0]?.toLowerCase();
  const protocol = forwardedProto === 'http' || forwardedProto === 'https' ? forwardedProto : request.protocol;
  return `${protocol}://${authority(request, protocol)}${prefix(request)}`;
}

/** The URL as the client sent it, query included. */
export function requestUrl(request: FastifyRequest): string {
  return requestBase(request) + requestTarget(request);
}

/** Path and query as received, without duplicate slashes. */
export function requestTarget(request: FastifyRequest): string {
  const [path = '/', ...query] = (request.originalUrl ?? '/').split('?');
  return [path.replace(/\/{2,}/g, '/'), ...query].join('?');
}

function authority(request: FastifyRequest, protocol: string): string {
  const forwardedHost = forwarded(request, 'x-forwarded-host')[0];
  const host = isAuthority(forwardedHost) ? forwardedHost : isAuthority(request.host) ? request.host : 'localhost';
  const forwardedPort = forwarded(request, 'x-forwarded-port')[0];
  if (forwardedPort === undefined || !/^\d{1,5}$/.test(forwardedPort)) return host;
  const name = host.replace(/:\d*$/, '');
  return forwardedPort === defaultPorts[protocol] ? name : `${name}:${forwardedPort}`;
}

function isAuthority(host: string | undefined): host is string {
  return host !== undefined && /^([\w.~-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?$/.test(host);
}

function prefix(request: FastifyRequest): string {
  return forwarded(request, 'x-forwarded-prefix')
    .map((part) => `/${part.split('/').filter(Boolean).join('/')}`)
    .filter((part) => /^(\/[\w.~%!$&'()*+,;=:@-]+)+$/.test(part))
    .join('');
}

function forwarded(request: FastifyRequest, header: string): string[] {
  const value = request.headers[header];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
