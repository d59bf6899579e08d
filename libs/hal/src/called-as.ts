import type { FastifyRequest } from 'fastify';

/** A longer one is no prefix, and would cost time to look at. */
const longestPrefixChars = 256;
const defaultPorts = { http: '80', https: '443' } as const;
const namePattern = /^(?:[\w.~-]+|\[[\da-fA-F:.]+\])(?::(\d{0,5}))?$/;

/** What is needed of a request in order to say what its client called. */
export type CalledRequest = Pick<FastifyRequest, 'headers'> &
  Partial<Pick<FastifyRequest, 'ips'>> & {
    readonly raw?: { readonly socket?: { readonly localPort?: number; readonly encrypted?: boolean } };
  };

/** The address that a client used. */
export interface CalledAs {
  readonly protocol: 'http' | 'https';
  /** Without a port; `localhost` where the client named no host. */
  readonly name: string;
  readonly port: string;
  /** The path that proxies put before the service's own, such as `/shop/accounts`; empty where there is none. */
  readonly prefix: string;
}

/**
 * Returns the address that the client used, by what trusted proxies say in `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, else by
 * what arrived. Proxies are believed in all or in nothing: where one of scheme, host and port cannot be what it says, none of the four
 * headers counts. The server has dropped these headers where no trusted proxy sent them.
 */
export function calledAs(request: CalledRequest): CalledAs {
  const told = believed(request);
  // not Fastify's protocol: that believes the header in any case
  const protocol = told?.protocol ?? (request.raw?.socket?.encrypted === true ? 'https' : 'http');
  const host = told?.host ?? arrivedHost(request) ?? `localhost:${request.raw?.socket?.localPort ?? ''}`;
  const [, name = '', ownPort = ''] = /^(.*?)(?::(\d*))?$/.exec(host) ?? [];
  return { protocol, name, port: told?.port ?? (ownPort || defaultPorts[protocol]), prefix: told?.prefix ?? '' };
}

/** Whether a text can be the value of `Host`: a name or an address, with a port or not. */
export function isHost(text: string): boolean {
  const match = namePattern.exec(text);
  return match !== null && (match[1] === undefined || match[1] === '' || isPort(match[1]));
}

/** Whether the client, or a proxy that is trusted, has named the host. */
export function hasCalledHost(request: CalledRequest): boolean {
  return (believed(request)?.host ?? arrivedHost(request)) !== undefined;
}

/** Returns host and port as they stand in a URL: the port only where it is not the one that the scheme stands for. */
export function authorityOf({ protocol, name, port }: CalledAs): string {
  return port === defaultPorts[protocol] ? name : `${name}:${port}`;
}

interface Told {
  readonly protocol: 'http' | 'https' | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly prefix: string;
}

function believed(request: CalledRequest): Told | undefined {
  const protocol = told(request, 'x-forwarded-proto')?.toLowerCase();
  const host = told(request, 'x-forwarded-host');
  const port = told(request, 'x-forwarded-port');
  if (protocol !== undefined && protocol !== 'http' && protocol !== 'https') return undefined;
  if (host !== undefined && !isHost(host)) return undefined;
  if (port !== undefined && !isPort(port)) return undefined;
  return { protocol, host, port, prefix: prefixOf(request) };
}

function arrivedHost({ headers: { host } }: CalledRequest): string | undefined {
  return host !== undefined && isHost(host) ? host : undefined;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

/**
 * What trusted proxies say that the client used. Each proxy may have added to the list: what stands there before the outermost
 * trusted one is the client's own invention.
 */
function told(request: CalledRequest, header: string): string | undefined {
  const value = request.headers[header];
  if (value === undefined || (typeof value === 'string' && !value.includes(','))) return value?.trim() || undefined;
  const values = members(value);
  const proxies = Math.max(1, (request.ips?.length ?? 1) - 1);
  return values[Math.max(0, values.length - proxies)];
}

function prefixOf({ headers: { 'x-forwarded-prefix': value } }: CalledRequest): string {
  if (value === undefined) return '';
  return members(value)
    .filter((part) => part.length <= longestPrefixChars)
    .map((part) => `/${part.split('/').filter(Boolean).join('/')}`)
    .filter((part) => /^(\/[\w.~%!$&'()*+,;=:@-]+)+$/.test(part))
    .join('');
}

function members(value: string | string[]): string[] {
  return [value]
    .flat()
    .join(',')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
