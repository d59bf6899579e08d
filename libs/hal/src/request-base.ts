import type { FastifyRequest } from 'fastify';

/** A longer one is no prefix, and would cost time to look at. */
const longestPrefixChars = 256;
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

type Forwarded = Pick<FastifyRequest, 'headers'> & Partial<Pick<FastifyRequest, 'ips'>>;

/**
 * Returns scheme, host, port and prefix that the client used, without a slash at the end: what proxies report in
 * `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, else what arrived here. The server has dropped these headers where no
 * trusted proxy sent them. Values that cannot be part of a URL are not used.
 */
export function requestBase(request: FastifyRequest): string {
  const protocol = calledProtocol(request);
  return `${protocol}://${authority(request, protocol)}${prefix(request)}`;
}

/** Returns the scheme that the client used, by what trusted proxies say; `http` where they say something else than http or https. */
export function calledProtocol(request: Forwarded & Pick<FastifyRequest, 'protocol'>): 'http' | 'https' {
  const told = (toldByProxies(request, 'x-forwarded-proto') ?? request.protocol).toLowerCase();
  return told === 'https' ? 'https' : 'http';
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

/** Returns the host that the client called, with the port where it is neither 80 nor 443; empty where it is no host. */
export function calledHost(request: Forwarded & Pick<FastifyRequest, 'host'>): string {
  const host = hostIn(request) ?? '';
  const [, name = '', own = ''] = /^(.*?)(?::(\d*))?$/.exec(host) ?? [];
  const told = toldByProxies(request, 'x-forwarded-port') ?? '';
  const port = /^\d{1,5}$/.test(told) ? told : own;
  return name === '' || ['', '80', '443'].includes(port) ? name : `${name}:${port}`;
}

/**
 * Returns what trusted proxies say that the client used. Each proxy may have added to the list: what stands there before the
 * outermost trusted one is the client's own invention.
 */
export function toldByProxies(request: Forwarded, header: string): string | undefined {
  const value = request.headers[header];
  if (value === undefined || (typeof value === 'string' && !value.includes(','))) return value?.trim() || undefined;
  const values = forwarded(request, header);
  const proxies = Math.max(1, (request.ips?.length ?? 1) - 1);
  return values[Math.max(0, values.length - proxies)];
}

function hostIn(request: Forwarded & Pick<FastifyRequest, 'host'>): string | undefined {
  const told = toldByProxies(request, 'x-forwarded-host');
  return [told, request.host].find(isAuthority);
}

function authority(request: FastifyRequest, protocol: string): string {
  const host = hostIn(request) ?? 'localhost';
  const forwardedPort = toldByProxies(request, 'x-forwarded-port');
  if (forwardedPort === undefined || !/^\d{1,5}$/.test(forwardedPort)) return host;
  const name = host.replace(/:\d*$/, '');
  return forwardedPort === defaultPorts[protocol] ? name : `${name}:${forwardedPort}`;
}

function isAuthority(host: string | undefined): host is string {
  return host !== undefined && /^([\w.~-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?$/.test(host);
}

function prefix(request: FastifyRequest): string {
  return forwarded(request, 'x-forwarded-prefix')
    .filter((part) => part.length <= longestPrefixChars)
    .map((part) => `/${part.split('/').filter(Boolean).join('/')}`)
    .filter((part) => /^(\/[\w.~%!$&'()*+,;=:@-]+)+$/.test(part))
    .join('');
}

function forwarded(request: Forwarded, header: string): string[] {
  const value = request.headers[header];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
