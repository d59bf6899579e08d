import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceName } from './service-name';

const tracer = trace.getTracer('storefront/gateway');

export interface UpstreamSpan {
  /** What the service is to be told. */
  readonly context: Context;
  failed(error: Error): void;
}

/**
 * The wait for a service as a span of the request. Attributes:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client
 */
export function upstreamSpan(service: ServiceName, request: FastifyRequest, reply: FastifyReply): UpstreamSpan {
  const attributes = { 'http.request.method': request.method, 'peer.service': service };
  const span = tracer.startSpan(request.method, { kind: SpanKind.CLIENT, attributes });
  if (!span.isRecording()) return { context: context.active(), failed: () => {} };
  reply.raw.once('close', () => end(span, reply));
  return {
    context: trace.setSpan(context.active(), span),
    failed: ({ name, message }) => {
      span.setAttribute('error.type', name).setStatus({ code: SpanStatusCode.ERROR, message });
    },
  };
}

function end(span: Span, { raw }: FastifyReply): void {
  span.setAttribute('http.response.status_code', raw.statusCode);
  if (raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
