import { context, isSpanContextValid, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { canonicalId } from '@storefront/wire';
import { EventNotOfTopic, EventTooLarge } from './failures';
import type { Topic } from './topic';

/** One event in an aggregate's document, complete: publishing needs nothing else. */
export interface OutboxEntry {
  version: number;
  /** Version of the aggregate's event before this one; 0 for the first. */
  previousVersion: number;
  id: string;
  topic: string;
  source: string;
  type: string;
  /** The exact text to send; null is a tombstone. */
  value: string | null;
  /** ISO 8601. */
  occurredAt: string;
  traceparent?: string;
  /** Made again from the state for a repair, or so that the newest is the last of its key: its time says nothing of delivery. */
  resent?: true;
}

export interface NewEvent<Type extends string = string> {
  /** One of the types that the topic lists. */
  readonly type: Type;
  /** Serialised once, its key order kept; null is a tombstone. */
  readonly value: object | null;
}

export interface EventPosition {
  readonly version: number;
  readonly previousVersion: number;
  readonly id: string;
  /** Now, where it is left out. */
  readonly occurredAt?: string;
}

/** A command whose event is larger is refused: a Kafka broker takes 1 MiB a batch by default. */
export const MAX_EVENT_BYTES = 900 * 1024;

/**
 * The event as it goes into the outbox. Throws EventNotOfTopic for what every consumer of the topic would park, and EventTooLarge.
 */
export function outboxEntry(
  topic: Topic<unknown>,
  aggregateId: string,
  event: NewEvent,
  { occurredAt = new Date().toISOString(), ...position }: EventPosition,
): OutboxEntry {
  const reason = faultOf(topic, aggregateId, event);
  if (reason !== undefined) throw new EventNotOfTopic(aggregateId, topic.name, reason);
  const value = event.value === null ? null : JSON.stringify(event.value);
  const bytes = value === null ? 0 : Buffer.byteLength(value);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLarge(aggregateId, bytes, MAX_EVENT_BYTES);
  const traceparent = currentTraceparent();
  return {
    ...position,
    topic: topic.name,
    source: topic.source,
    type: event.type,
    value,
    occurredAt,
    ...(traceparent && { traceparent }),
  };
}

/** Why consumers would not take the event, or would take it for one of another aggregate. */
function faultOf(topic: Topic<unknown>, aggregateId: string, { type, value }: NewEvent): string | undefined {
  if (!topic.types.includes(type)) return `the topic does not list the type ${type}`;
  if (value === null) return topic.tombstones ? undefined : 'the topic allows no event without a value';
  const id = topic.aggregateId(value);
  return id === undefined || canonicalId(id) === canonicalId(aggregateId) ? undefined : `its value is about ${id}`;
}

/** Rough size in memory and in the document: the value and about 300 bytes around it. */
export function entryBytes(entry: OutboxEntry): number {
  return 300 + (entry.value === null ? 0 : Buffer.byteLength(entry.value));
}

/** CloudEvents 1.0 in Kafka's binary mode (Kafka protocol binding for CloudEvents §3.2), and our two extensions. */
export function recordHeaders(entry: OutboxEntry, key: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: entry.id,
    ce_source: entry.source,
    ce_type: entry.type,
    ce_subject: key,
    ce_time: entry.occurredAt,
    ce_aggregateversion: String(entry.version),
    ce_previousversion: String(entry.previousVersion),
    ...(entry.resent && { ce_resent: 'true' }),
    'content-type': 'application/json',
    ...(entry.traceparent && traceHeaders(entry.traceparent)),
  };
}

/** W3C's header, and what else the process was told to send along, such as B3. */
function traceHeaders(traceparent: string): Record<string, string> {
  const headers = { traceparent };
  const others = propagation.fields().filter((name) => !['traceparent', 'tracestate'].includes(name));
  if (others.length > 0) propagation.inject(propagation.extract(ROOT_CONTEXT, headers), headers);
  return headers;
}

/** W3C Trace Context of the request or event being handled, level 1 (https://www.w3.org/TR/trace-context/). */
function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
