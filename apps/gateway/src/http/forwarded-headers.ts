import { context, defaultTextMapSetter, propagation } from '@opentelemetry/api';
import { authorityOf, calledAs } from '@storefront/hal';
import { forwardedHeaders } from '@storefront/service';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';

/** Headers that apply to a single connection (RFC 9110, 7.6.1): the gateway does not pass them on. */
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
/** What the service is told: the client's headers, how the client reached us, and the trace. */
export function requestHeaders(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
  prefix: string,
): IncomingHttpHeaders {
  const dropped = [...hopByHop, ...toldAnew, ...forwardedHeaders, ...namedBy(headers.connection)];
  const passed = without(headers, dropped);
  propagation.inject(context.active(), passed, defaultTextMapSetter);
  return Object.assign(passed, forwarding(request, prefix));
}

/** What the client is told: everything but what was about the connection to the service. */
export function responseHeaders<H extends object>(headers: H): H {
  return without(headers, hopByHop) as H;
}

/** Scheme, host, port and prefix are those that the client used, by what trusted fronts say: the server has dropped what others say. */
function forwarding(request: FastifyRequest, prefix: string): IncomingHttpHeaders {
  const called = calledAs(request);
  return {
    'x-forwarded-for': (request.ips ?? [request.ip]).toReversed().join(', '),
    'x-forwarded-proto': called.protocol,
    'x-forwarded-host': authorityOf(called),
    'x-forwarded-port': called.port,
    'x-forwarded-prefix': [called.prefix, prefix].filter(Boolean).join(','),
  };
}

/** Headers that the client says are of its connection only (RFC 9110, 7.6.1). */
function namedBy(connection = ''): string[] {
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

function without(headers: object, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())));
}
