import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { inProcessSpans } from './process-spans';
import type { RawRecord } from './raw-record';

const exporter = new InMemorySpanExporter();
const spans = () => exporter.getFinishedSpans();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterEach(() => exporter.reset());

const traceId = (n: number) => String(n).repeat(32);
const spanId = (n: number) => String(n).repeat(16);

function record(n: number, flags: string | undefined = '01'): RawRecord {
  const traceparent = Buffer.from(`00-${traceId(n)}-${spanId(n)}-${flags}`);
  const headers = flags === 'none' ? [] : [{ name: 'traceparent', value: traceparent }];
  const origin = { topic: 'notes', partition: 2, offset: String(n), timestamp: 0 };
  return { origin, key: Buffer.from('k'), value: null, headers };
}

const of = (...records: RawRecord[]) => ({ group: 'readers', records });

const activeTrace = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return trace.getSpanContext(context.active())?.traceId;
};

// first: a tracer that found its provider keeps it
describe('while nobody records', () => {
  it('one record is worked on in the trace of its event, which logs then name', async () => {
    expect(await inProcessSpans(of(record(1)), activeTrace)).toBe(traceId(1));
  });

  it('a batch is worked on in no trace', async () => {
    expect(await inProcessSpans(of(record(1), record(2)), activeTrace)).toBeUndefined();
  });
});

describe('recorded', () => {
  beforeAll(() => {
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  });

  describe('one record', () => {
    it('is worked on in the trace of its event', async () => {
      expect(await inProcessSpans(of(record(1)), activeTrace)).toBe(traceId(1));
      expect(spans()).toMatchObject([
        {
          name: 'process notes',
          parentSpanContext: { spanId: spanId(1) },
          attributes: {
            'messaging.consumer.group.name': 'readers',
            'messaging.destination.partition.id': '2',
            'messaging.kafka.offset': 1,
            'messaging.kafka.message.key': 'k',
            'messaging.kafka.message.tombstone': true,
          },
        },
      ]);
    });

    it('has a span that says why it failed', async () => {
      const failing = inProcessSpans(of(record(1)), () => Promise.reject(new TypeError('away')));
      await expect(failing).rejects.toThrow('away');
      expect(spans()).toMatchObject([
        { status: { code: 2, message: 'away' }, attributes: { 'error.type': 'TypeError' } },
      ]);
    });

    it('is in a trace of its own when its event is in none', async () => {
      expect(await inProcessSpans(of(record(1, 'none')), activeTrace)).toBe(spans()[0]?.spanContext().traceId);
    });
  });

  describe('a batch', () => {
    it('has a trace of its own with a link to each event, and each event a span in its trace that was recorded', async () => {
      const batchTrace = await inProcessSpans(
        of(record(1), record(2), record(3, '00'), record(4, 'none')),
        activeTrace,
      );
      const [batch, ...events] = spans();
      expect([batch?.spanContext().traceId, batch?.parentSpanContext]).toEqual([batchTrace, undefined]);
      expect(batch?.links.map(({ context: of }) => of.traceId)).toEqual([traceId(1), traceId(2), traceId(3)]);
      expect(events.map((span) => [span.spanContext().traceId, span.parentSpanContext?.spanId])).toEqual([
        [traceId(1), spanId(1)],
        [traceId(2), spanId(2)],
      ]);
      expect(events.map(({ links }) => links.map(({ context: of }) => of.spanId))).toEqual([
        [batch?.spanContext().spanId],
        [batch?.spanContext().spanId],
      ]);
    });
  });
});
