import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Connection, mongo } from 'mongoose';
import type { SpanAttributes } from './span-attributes';

const tracer = trace.getTracer('storefront/store');

/**
 * A span for every command that is sent to the store on behalf of a recorded span; what a service does for itself (sweeps,
 * probes) has none. The connection must have been made with `monitorCommands`. Attributes:
 * https://opentelemetry.io/docs/specs/semconv/database/mongodb/
 */
export function traceStore(connection: Connection): void {
  const spans = new Map<string, Span>();
  const keyOf = ({ requestId, connectionId }: { requestId: number; connectionId?: unknown }) =>
    `${String(connectionId)} ${requestId}`;
  const end = (event: mongo.CommandSucceededEvent | mongo.CommandFailedEvent): Span | undefined => {
    const span = spans.get(keyOf(event));
    spans.delete(keyOf(event));
    return span;
  };
  connection.on('commandStarted', (event: mongo.CommandStartedEvent) => {
    if (trace.getActiveSpan()?.isRecording()) spans.set(keyOf(event), commandSpan(event));
  });
  connection.on('commandSucceeded', (event: mongo.CommandSucceededEvent) => end(event)?.end());
  connection.on('commandFailed', (event: mongo.CommandFailedEvent) => {
    const { message } = event.failure;
    end(event)?.setAttributes(failureOf(event.failure)).setStatus({ code: SpanStatusCode.ERROR, message }).end();
  });
}

/** The code of the store's answer, where it answered. */
function failureOf(failure: Error & { readonly code?: unknown }): SpanAttributes {
  const code = typeof failure.code === 'number' ? String(failure.code) : undefined;
  return { 'error.type': code ?? failure.name, ...(code !== undefined && { 'db.response.status_code': code }) };
}

function commandSpan({ commandName, command, databaseName, address }: mongo.CommandStartedEvent): Span {
  const collection: unknown = command[commandName];
  const [host = address, port] = address.split(':');
  const target = typeof collection === 'string' ? ` ${collection}` : '';
  return tracer.startSpan(
    `${commandName}${target}`,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'mongodb',
        'db.namespace': databaseName,
        'db.operation.name': commandName,
        ...(typeof collection === 'string' && { 'db.collection.name': collection }),
        'server.address': host,
        ...(port !== undefined && { 'server.port': Number(port) }),
      } satisfies SpanAttributes,
    },
    context.active(),
  );
}
