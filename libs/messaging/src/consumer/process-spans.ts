import {
  type Attributes,
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

/**
 * The work on records of one partition as spans: one record's in the trace of its event. A batch has a span in a trace of
 * its own, with a link to each event, where the store's spans are; and each event has one in its trace, with a link to the
 * batch. Attributes: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
 */
export function inProcessSpans<T>(records: readonly RawRecord[], work: () => Promise<T>): Promise<T> {
  const [first] = records;
  if (first === undefined) return work();
  return records.length === 1 ? inOwnTrace(first, work) : inBatchSpan(records, first, work);
}

function inOwnTrace<T>(record: RawRecord, work: () => Promise<T>): Promise<T> {
  const parent = traceOf(record);
  const span = tracer.startSpan(nameOf(record), { kind, attributes: attributesOf(record) }, parent);
  return finish(span, context.with(trace.setSpan(parent, span), work));
}

async function inBatchSpan<T>(records: readonly RawRecord[], first: RawRecord, work: () => Promise<T>): Promise<T> {
  const startTime = new Date();
  const attributes = { ...placeOf(first), 'messaging.batch.message_count': records.length };
  const batch = tracer.startSpan(nameOf(first), { kind, attributes, startTime, root: true });
  if (!isSpanContextValid(batch.spanContext())) return work();
  const traces = records.map(traceOf);
  batch.addLinks(traces.flatMap(linksTo));
  try {
    return await finish(batch, context.with(trace.setSpan(ROOT_CONTEXT, batch), work));
  } finally {
    for (const [index, record] of records.entries()) tellEvent(record, traces[index], { batch, startTime });
  }
}

/** Only where somebody records the event's trace. */
function tellEvent(
  record: RawRecord,
  parent: Context = ROOT_CONTEXT,
  { batch, startTime }: { batch: Span; startTime: Date },
): void {
  const flags = trace.getSpanContext(parent)?.traceFlags ?? TraceFlags.NONE;
  if ((flags & TraceFlags.SAMPLED) === 0) return;
  const links = [{ context: batch.spanContext() }];
  tracer.startSpan(nameOf(record), { kind, startTime, links, attributes: attributesOf(record) }, parent).end();
}

function traceOf({ headers }: RawRecord): Context {
  return propagation.extract(ROOT_CONTEXT, headers, recordHeaders);
}

function linksTo(parent: Context) {
  const of = trace.getSpanContext(parent);
  return of && isSpanContextValid(of) ? [{ context: of }] : [];
}

const nameOf = ({ origin }: RawRecord) => `process ${origin.topic}`;

function placeOf({ origin }: RawRecord): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': origin.topic,
    'messaging.destination.partition.id': String(origin.partition),
  };
}

function attributesOf(record: RawRecord): Attributes {
  const { origin, key, headers } = record;
  const id = recordHeaders.get(headers, 'ce_id');
  return {
    ...placeOf(record),
    'messaging.kafka.offset': Number(origin.offset),
    ...(key && { 'messaging.kafka.message.key': key.subarray(0, MAX_TEXT_BYTES).toString() }),
    ...(id !== undefined && { 'messaging.message.id': String(id) }),
  };
}
