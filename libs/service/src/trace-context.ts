import { type Context, context, propagation, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';

declare module 'fastify' {
  interface FastifyRequest {
    traceContext: Context;
  }
}

/** Makes `context.active()` follow asynchronous work, and W3C `traceparent` the way it crosses processes. Once a process. */
export function propagateTraces(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}

/** Runs each request in the trace its `traceparent` names, as a new span of it, or in a new trace. */
export function traceRequests(instance: FastifyInstance): void {
  instance.decorateRequest('traceContext');
  instance.addHook('onRequest', (request, _reply, done) => {
    request.traceContext = contextOf(request.headers);
    context.with(request.traceContext, done);
  });
  // the body arrives in events of the socket, which know nothing of the request's context
  instance.addHook('preValidation', (request, _reply, done) => context.with(request.traceContext, done));
}

function contextOf(headers: Record<string, unknown>): Context {
  const caller = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers));
  const ids = randomBytes(24).toString('hex');
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: caller?.traceId ?? ids.slice(0, 32),
    spanId: ids.slice(32),
    traceFlags: caller?.traceFlags ?? TraceFlags.SAMPLED,
    ...(caller?.traceState && { traceState: caller.traceState }),
  });
}
