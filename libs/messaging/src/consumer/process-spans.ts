import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type TextMapGetter,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { finish } from '../finish-span';
import type { SpanAttributes } from '../span-attributes';
import type { RawHeader, RawRecord } from './raw-record';

const tracer = trace.getTracer('storefront/messaging');
const kind = SpanKind.CONSUMER;

/** Of a key or a header that is told to tracing; a longer header is as good as none. */
const MAX_TEXT_BYTES = 1024;

const recordHeaders: TextMapGetter<readonly RawHeader[]> = {
  get: (headers, wanted) => {
    const value = headers.find(({ name }) => name === wanted)?.value;
    return value && value.length <= MAX_TEXT_BYTES ? value.toString() : undefined;
  },
  keys: (headers) => headers.map(({ name }) => name),
};

/** Records of one partition, and the consumer group that works on them. */
export interface RecordsOfGroup {
  readonly group: string;
  readonly records: readonly RawRecord[];
}

/**
 * The work on records of one partition as spans: one record's in the trace of its event. A batch has a span in a trace of
 * its own, with a link to each event, where the store's spans are; and each event has one in its trace, with a link to the
 * batch. Attributes: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function inProcessSpans<T>(of: RecordsOfGroup, work: () => Promise<T>): Promise<T> {
  const [first] = of.records;
  if (first === undefined) return work();
  return of.records.length === 1 ? inOwnTrace(of.group, first, work) : inBatchSpan(of, first, work);
}

function inOwnTrace<T>(group: string, record: RawRecord, work: () => Promise<T>): Promise<T> {
  const parent = traceOf(record);
  const span = tracer.startSpan(nameOf(record), { kind, attributes: attributesOf(group, record) }, parent);
  return finish(span, context.with(trace.setSpan(parent, span), work));
}

async function inBatchSpan<T>(
  { group, records }: RecordsOfGroup,
  first: RawRecord,
  work: () => Promise<T>,
): Promise<T> {
  const startTime = new Date();
  const attributes: SpanAttributes = { ...placeOf(group, first), 'messaging.batch.message_count': records.length };
  const batch = tracer.startSpan(nameOf(first), { kind, attributes, startTime, root: true });
  if (!isSpanContextValid(batch.spanContext())) return work();
  const traces = records.map(traceOf);
  batch.addLinks(traces.flatMap(linksTo));
  try {
    return await finish(batch, context.with(trace.setSpan(ROOT_CONTEXT, batch), work));
  } finally {
    for (const [index, record] of records.entries()) tellEvent(record, traces[index], { group, batch, startTime });
  }
}

/** Only where somebody records the event's trace. */
function tellEvent(
  record: RawRecord,
  parent: Context = ROOT_CONTEXT,
  { group, batch, startTime }: { group: string; batch: Span; startTime: Date },
): void {
  const flags = trace.getSpanContext(parent)?.traceFlags ?? TraceFlags.NONE;
  if ((flags & TraceFlags.SAMPLED) === 0) return;
  const links = [{ context: batch.spanContext() }];
  tracer.startSpan(nameOf(record), { kind, startTime, links, attributes: attributesOf(group, record) }, parent).end();
}

function traceOf({ headers }: RawRecord): Context {
  return propagation.extract(ROOT_CONTEXT, headers, recordHeaders);
}

function linksTo(parent: Context) {
  const of = trace.getSpanContext(parent);
  return of && isSpanContextValid(of) ? [{ context: of }] : [];
}

const nameOf = ({ origin }: RawRecord) => `process ${origin.topic}`;

function placeOf(group: string, { origin }: RawRecord): SpanAttributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.consumer.group.name': group,
    'messaging.destination.name': origin.topic,
    'messaging.destination.partition.id': String(origin.partition),
  };
}

function attributesOf(group: string, record: RawRecord): SpanAttributes {
  const { origin, key, headers, value, withheld } = record;
  const id = recordHeaders.get(headers, 'ce_id');
  return {
    ...placeOf(group, record),
    'messaging.kafka.offset': Number(origin.offset),
    ...(key && { 'messaging.kafka.message.key': key.subarray(0, MAX_TEXT_BYTES).toString() }),
    ...(id !== undefined && { 'messaging.message.id': String(id) }),
    ...(value === null && !withheld && { 'messaging.kafka.message.tombstone': true }),
  };
}
