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

declare module 'fastify' {
  interface FastifyRequest {
    traceContext: Context;
  }
}

const tracer = trace.getTracer('storefront/http');

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
  const path = request.url.split('?')[0] ?? '';
  const attributes = {
    'http.request.method': request.method,
    'url.path': path,
    'url.scheme': request.protocol,
    'server.address': request.hostname,
  };
  const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, caller);
  const own = span.spanContext();
  const isOfSdk = isSpanContextValid(own) && own.spanId !== trace.getSpanContext(caller)?.spanId;
  return isOfSdk ? span : unrecorded(caller);
}

function unrecorded(caller: Context): Span {
  const parent = trace.getSpanContext(caller);
  return trace.wrapSpanContext({
    traceId: parent?.traceId ?? randomHex(16),
    spanId: randomHex(8),
    traceFlags: parent?.traceFlags ?? TraceFlags.SAMPLED,
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
  if (route !== undefined) span.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
  span.setAttribute('http.response.status_code', raw.statusCode);
  if (!raw.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR, message: 'the client went away' });
  else if (raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
