import { context, propagation, type TextMapPropagator } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';
import type { TraceEnvironment } from './trace-environment';

/**
 * Makes `context.active()` follow asynchronous work, and traces cross processes: W3C `traceparent` and B3 (one header or many,
 * as the original services send it) are read, of both the W3C one counts; `OTEL_PROPAGATORS` says what is sent. Once a process.
 */
export function propagateTraces({ OTEL_PROPAGATORS: sent = ['tracecontext'] }: TraceEnvironment = {}): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const w3c = new W3CTraceContextPropagator();
  const b3 = new B3Propagator();
  const b3multi = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
  const propagators = [
    sent.includes('b3') ? b3 : onlyReading(b3),
    ...(sent.includes('b3multi') ? [b3multi] : []),
    sent.includes('tracecontext') ? w3c : onlyReading(w3c),
  ];
  // a second service in one process (tests) decides anew
  propagation.disable();
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
}

function onlyReading(propagator: TextMapPropagator): TextMapPropagator {
  return {
    inject: () => {},
    extract: (...parameters) => propagator.extract(...parameters),
    fields: () => [],
  };
}
