import { context, isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { OutboxEntry } from '../outbox-entry';
import { finish } from '../finish-span';
import type { SpanAttributes } from '../span-attributes';

const tracer = trace.getTracer('storefront/messaging');

/**
 * A produce request as a span: of the event's own trace where it is one event, else of a trace of its own with a link to each
 * event's. Attributes: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function inSendSpan<T>(entries: readonly OutboxEntry[], send: () => Promise<T>): Promise<T> {
  const [first] = entries;
  const topics = new Set(entries.map(({ topic }) => topic));
  const isOne = entries.length === 1;
  const parent = isOne ? traceOf(first) : ROOT_CONTEXT;
  const topic = topics.size === 1 ? first?.topic : undefined;
  const span = tracer.startSpan(
    topic === undefined ? 'send' : `send ${topic}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'send',
        'messaging.operation.name': 'send',
        ...(topic !== undefined && { 'messaging.destination.name': topic }),
        ...(isOne && first && ofOne(first)),
        ...(!isOne && { 'messaging.batch.message_count': entries.length }),
      } satisfies SpanAttributes,
    },
    parent,
  );
  if (span.isRecording() && !isOne) span.addLinks(entries.flatMap(linkTo));
  return finish(span, context.with(trace.setSpan(parent, span), send));
}

function ofOne({ id, value }: OutboxEntry): SpanAttributes {
  return { 'messaging.message.id': id, ...(value === null && { 'messaging.kafka.message.tombstone': true }) };
}

function traceOf({ traceparent }: Pick<OutboxEntry, 'traceparent'> = {}) {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

function linkTo(entry: OutboxEntry) {
  const of = trace.getSpanContext(traceOf(entry));
  return of && isSpanContextValid(of) ? [{ context: of }] : [];
}
