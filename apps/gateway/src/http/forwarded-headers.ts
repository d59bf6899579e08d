import { context, defaultTextMapSetter, propagation } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';

const hopByHop = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
];
const forwardedByFronts = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
];
const bodiless = ['GET', 'HEAD'];

/** What the service is told: the client's headers, how the client reached us, and the trace. */
export function requestHeaders(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  prefix: string,
): IncomingHttpHeaders {
  const dropped = [...hopByHop, ...forwardedByFronts, ...(bodiless.includes(request.method) ? ['content-length'] : [])];
  const passed = without(headers, dropped);
  propagation.inject(context.active(), passed, defaultTextMapSetter);
  return Object.assign(passed, forwarding(request, prefix));
}

/** What the client is told: everything but what was about the connection to the service. */
export function responseHeaders<H extends object>(headers: H): H {
  return without(headers, [...hopByHop, 'transfer-encoding']) as H;
}

/** Fastify has looked up what trusted fronts say of scheme, host and address; the prefix is believed where the rest is. */
function forwarding(request: FastifyRequest, prefix: string): IncomingHttpHeaders {
  const isBehindFront = (request.ips?.length ?? 1) > 1;
  const outerPrefix = isBehindFront ? (request.headers['x-forwarded-prefix'] ?? '') : '';
  const port = /:(\d+)$/.exec(request.host)?.[1] ?? (request.protocol === 'https' ? '443' : '80');
  return {
    'x-forwarded-for': (request.ips ?? [request.ip]).toReversed().join(', '),
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
    'x-forwarded-port': port,
    'x-forwarded-prefix': [outerPrefix, prefix].flat().filter(Boolean).join(','),
  };
}

function without(headers: object, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())));
}
