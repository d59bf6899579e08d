import { context, defaultTextMapSetter, propagation } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';

/** Of one connection only; what a request's body is made of is told anew. */
const hopByHop = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const toldAnew = ['content-length', 'host'];
const forwardedByFronts = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
];

/** What the service is told: the client's headers, how the client reached us, and the trace. */
export function requestHeaders(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  prefix: string,
): IncomingHttpHeaders {
  const dropped = [...hopByHop, ...toldAnew, ...forwardedByFronts, ...namedBy(headers.connection)];
  const passed = without(headers, dropped);
  propagation.inject(context.active(), passed, defaultTextMapSetter);
  return Object.assign(passed, forwarding(request, prefix));
}

/** What the client is told: everything but what was about the connection to the service. */
export function responseHeaders<H extends object>(headers: H): H {
  return without(headers, hopByHop) as H;
}

/** Scheme, host, port and prefix are those that the client used, by what trusted fronts say. */
function forwarding(request: FastifyRequest, prefix: string): IncomingHttpHeaders {
  const host = toldByFronts(request, 'x-forwarded-host') ?? request.headers.host ?? '';
  const protocol = toldByFronts(request, 'x-forwarded-proto') ?? request.protocol;
  const port = toldByFronts(request, 'x-forwarded-port') ?? /:(\d+)$/.exec(host)?.[1];
  const outerPrefix = frontsOf(request) > 0 ? (request.headers['x-forwarded-prefix'] ?? '') : '';
  return {
    'x-forwarded-for': (request.ips ?? [request.ip]).toReversed().join(', '),
    'x-forwarded-proto': protocol,
    'x-forwarded-host': host,
    'x-forwarded-port': port ?? (protocol === 'https' ? '443' : '80'),
    'x-forwarded-prefix': [outerPrefix, prefix].flat().filter(Boolean).join(','),
  };
}

/** How many fronts that are trusted the request came through: Fastify has looked up their addresses. */
function frontsOf({ ips }: FastifyRequest): number {
  return (ips?.length ?? 1) - 1;
}

/** What the trusted front says that the client talked to. Each front may have added to the list; what was there before it is the client's. */
function toldByFronts(request: FastifyRequest, header: string): string | undefined {
  const fronts = frontsOf(request);
  if (fronts === 0) return undefined;
  const told = String(request.headers[header] ?? '').split(',');
  const values = told.map((value) => value.trim()).filter((value) => value !== '');
  return values[Math.max(0, values.length - fronts)];
}

/** Headers that the client says are of its connection only (RFC 9110, 7.6.1). */
function namedBy(connection = ''): string[] {
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

function without(headers: object, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())));
}
