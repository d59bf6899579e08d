import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { OutboxEntry } from '../outbox-entry';
import { inSendSpan } from './send-span';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});

afterEach(() => exporter.reset());

const traceId = (n: number) => String(n).repeat(32);

function entry(n: number, topic = 'notes'): OutboxEntry {
  const traceparent = `00-${traceId(n)}-${String(n).repeat(16)}-01`;
  const fixed = { previousVersion: 0, source: '/s', type: 't', value: '{}', occurredAt: '2026-11-21T10:00:00.000Z' };
  return { ...fixed, version: n, id: `event-${n}`, topic, ...(n > 0 && { traceparent }) };
}

async function sent(...entries: OutboxEntry[]) {
  await inSendSpan(entries, () => Promise.resolve());
  const [span] = exporter.getFinishedSpans();
  return {
    name: span?.name,
    parent: span?.parentSpanContext?.traceId,
    links: span?.links.map(({ context: of }) => of.traceId),
    attributes: span?.attributes,
  };
}

describe('a produce request', () => {
  it('with one event is in its trace', async () => {
    expect(await sent(entry(1))).toMatchObject({
      name: 'send notes',
      parent: traceId(1),
      links: [],
      attributes: { 'messaging.message.id': 'event-1', 'messaging.destination.name': 'notes' },
    });
  });

  it('with several has a trace of its own and a link to each event that has one', async () => {
    expect(await sent(entry(1), entry(0), entry(2))).toMatchObject({
      name: 'send notes',
      parent: undefined,
      links: [traceId(1), traceId(2)],
      attributes: { 'messaging.batch.message_count': 3 },
    });
  });

  it('for several topics names none', async () => {
    expect(await sent(entry(1), entry(2, 'letters'))).toMatchObject({ name: 'send' });
  });

  it('that fails says why', async () => {
    await expect(inSendSpan([entry(1)], () => Promise.reject(new Error('no leader')))).rejects.toThrow('no leader');
    expect(exporter.getFinishedSpans()).toMatchObject([{ status: { code: 2, message: 'no leader' } }]);
  });
});
