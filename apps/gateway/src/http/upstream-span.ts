import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { methodOf, type SpanAttributes, spanNameOf, textInSpans } from '@storefront/service';
import type { ServiceName } from './service-name';

const tracer = trace.getTracer('storefront/gateway');

export interface UpstreamSpan {
  /** What the service is to be told. */
  readonly context: Context;
  /** The service has answered. */
  answered(statusCode: number): void;
  /** It has not. */
  failed(error: Error): void;
}

interface Asked {
  readonly method: string;
  /** Path and query, as the service gets them. */
  readonly path: string;
}

const unrecorded = { answered: () => {}, failed: () => {} };

/**
 * The wait for a service's answer as a span of the request; it ends with `answered` or `failed`. Attributes:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client
 */
export function upstreamSpan(service: ServiceName, url: URL, { method, path }: Asked): UpstreamSpan {
  const attributes: SpanAttributes = {
    ...methodOf(method),
    'server.address': url.hostname,
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'url.full': url.origin + textInSpans(path),
    'service.peer.name': service,
  };
  const span = tracer.startSpan(spanNameOf(attributes), { kind: SpanKind.CLIENT, attributes });
  if (!span.isRecording()) return { context: context.active(), ...unrecorded };
  return {
    context: trace.setSpan(context.active(), span),
    answered: (statusCode) => {
      span.setAttributes({ 'http.response.status_code': statusCode } satisfies SpanAttributes);
      if (statusCode >= 400) fail(span, String(statusCode));
      span.end();
    },
    failed: ({ name, message }) => {
      if (!span.isRecording()) return;
      fail(span, name, message);
      span.end();
    },
  };
}

function fail(span: Span, type: string, message?: string): void {
  span
    .setAttributes({ 'error.type': type } satisfies SpanAttributes)
    .setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
}
