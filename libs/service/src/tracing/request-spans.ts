import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { isManagementUrl } from '@storefront/actuator';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomFillSync } from 'node:crypto';
import { withoutSecrets } from '../logging/log-line';
import type { SpanAttributes } from './span-attributes';

declare module 'fastify' {
  interface FastifyRequest {
    traceContext: Context;
  }
}

const tracer = trace.getTracer('storefront/http');

/** Of what a client sent that is told to tracing. */
const MAX_TEXT = 512;
const KNOWN_METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);

/**
 * Runs each request in the trace its headers name, as a new span of it, or in a new trace: ids that logs and events carry even
 * when no spans are recorded. Requests for management endpoints are not recorded.
 */
export function traceRequests(instance: FastifyInstance): void {
  instance.decorateRequest('traceContext');
  instance.addHook('onRequest', (request, reply, done) => {
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = isManagementUrl(request.url) ? unrecorded(caller) : serverSpan(request, caller);
    request.traceContext = trace.setSpan(ROOT_CONTEXT, span);
    if (span.isRecording()) reply.raw.once('close', () => end(span, request, reply));
    context.with(request.traceContext, done);
  });
  // the body arrives in events of the socket, which know nothing of the request's context
  instance.addHook('preValidation', (request, _reply, done) => context.with(request.traceContext, done));
}

/** Attributes: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server */
function serverSpan(request: FastifyRequest, caller: Context): Span {
  const method = methodOf(request.method);
  const attributes: SpanAttributes = {
    ...method,
    'url.scheme': request.protocol,
    'server.address': request.hostname,
  };
  const span = tracer.startSpan(spanNameOf(method), { kind: SpanKind.SERVER, attributes }, caller);
  if (span.isRecording()) span.setAttributes(callerOf(request));
  const own = span.spanContext();
  const isOfSdk = isSpanContextValid(own) && own.spanId !== trace.getSpanContext(caller)?.spanId;
  return isOfSdk ? span : unrecorded(caller);
}

/** What only a recorded span is told. */
function callerOf({ headers, ip, port, raw, url }: FastifyRequest): SpanAttributes {
  const agent = headers['user-agent'];
  const [path = '', query] = url.split('?', 2);
  return {
    'client.address': ip,
    'url.path': textInSpans(path),
    'network.protocol.version': raw.httpVersion,
    ...(port !== null && { 'server.port': port }),
    ...(query && { 'url.query': textInSpans(query) }),
    ...(agent !== undefined && { 'user_agent.original': textInSpans(agent) }),
  };
}

/** A client's text as spans have it: without what the log leaves out (card numbers, passwords), its first 512 characters. */
export function textInSpans(text: string): string {
  const shown = JSON.parse(withoutSecrets(JSON.stringify(text))) as string;
  return shown.slice(0, MAX_TEXT);
}

/** A method that the conventions do not know is `_OTHER`, so that names of spans stay few. */
export function methodOf(method: string): SpanAttributes {
  return KNOWN_METHODS.has(method)
    ? { 'http.request.method': method }
    : { 'http.request.method': '_OTHER', 'http.request.method_original': method };
}

/** The name of a span of HTTP: its method, and the route where there is one. */
export function spanNameOf({ 'http.request.method': method }: SpanAttributes, route?: string): string {
  const name = method === '_OTHER' ? 'HTTP' : String(method);
  return route === undefined ? name : `${name} ${route}`;
}

function unrecorded(caller: Context): Span {
  const parent = trace.getSpanContext(caller);
  return trace.wrapSpanContext({
    traceId: parent?.traceId ?? randomHex(16),
    spanId: randomHex(8),
    traceFlags: parent?.traceFlags ?? TraceFlags.NONE,
    ...(parent?.traceState && { traceState: parent.traceState }),
  });
}

const random = Buffer.alloc(4_096);
let used = random.length;

/** Asking for random bytes costs much more than the bytes: many at once. */
function randomHex(bytes: number): string {
  if (used + bytes > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += bytes;
  return random.toString('hex', used - bytes, used);
}

function end(span: Span, request: FastifyRequest, { raw }: FastifyReply): void {
  const route = request.is404 ? undefined : request.routeOptions.url?.replace(/:([^/]+)/g, '{$1}');
  if (route !== undefined)
    span.updateName(spanNameOf(methodOf(request.method), route)).setAttribute('http.route', route);
  if (raw.headersSent) span.setAttribute('http.response.status_code', raw.statusCode);
  if (!raw.writableFinished) fail(span, 'client_disconnected', 'the client went away');
  else if (raw.statusCode >= 500) fail(span, String(raw.statusCode));
  span.end();
}

function fail(span: Span, type: string, message?: string): void {
  span
    .setAttributes({ 'error.type': type } satisfies SpanAttributes)
    .setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
}
