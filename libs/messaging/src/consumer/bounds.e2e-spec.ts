import { createHash, randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { batchAround, batchOf, compress, framed, recordBody } from '../../../codecs/testing/batches';
import { bomb } from '../../../codecs/testing/bombs';
import { type ConsumingParts, connect, consuming, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { type Note, noteTopic } from '../../testing/note';
import { produceRaw } from '../../testing/raw-produce';
import { positionsOf } from '../parked/collections';
import type { PositionFacts } from '../parked/positions-chunk';
import type { Topic } from '../topic';

const MIB = 1024 * 1024;
/** What is promised is 5 s; engines and other tests take their share of the machine. */
const LIMIT_MS = 20_000;

describe('a consumer', () => {
  let connection: Connection;
  let kafka: Kafka;
  let topic: Topic<Note>;
  let group: string;
  let running: ConsumingParts;
  const applied: string[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  beforeEach(async () => {
    topic = {
      ...noteTopic('state', 1),
      configEntries: { 'max.message.bytes': String(40 * MIB), 'segment.bytes': String(64 * MIB) },
    };
    group = `bounds-${randomUUID()}`;
    applied.length = 0;
    await kafka.create(topic);
  });

  afterEach(() => running.stop());

  afterAll(async () => {
    await kafka.close();
    await connection.close();
  });

  const start = async () => {
    const handler = async (events: { id: string }[]) => {
      applied.push(...events.map(({ id }) => id));
      return events.map(() => 'applied' as const);
    };
    running = await consuming(topic, connection, handler, { group });
  };

  const lanes = () => connection.collection('parked.events').find({ topic: topic.name }).toArray();

  /** What is known of the records that are kept by their position, by offset. */
  const positions = async () => {
    const chunks = await positionsOf(connection).find({ topic: topic.name }).toArray();
    return Object.assign({}, ...chunks.map(({ facts }) => facts)) as Record<string, PositionFacts>;
  };

  /** Consumes what is there and a good record behind it; returns by how many MiB the process grew meanwhile, at most. */
  async function getsPast(limitMs = LIMIT_MS): Promise<number> {
    await kafka.send(topic, message('good', 1));
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
    try {
      await start();
      await eventually(() => applied.at(-1) === 'good', Boolean, limitMs);
    } finally {
      clearInterval(timer);
    }
    return (most - before) / MIB;
  }

  const committed = (offset: number) =>
    eventually(
      () => kafka.committed(group, topic),
      (at) => at === offset,
      LIMIT_MS,
    );

  it('parks a record of 8,000 headers by its position and goes on', async () => {
    const headers = Array.from({ length: 8_000 }, (_, index) => ({ name: `h${index}`, value: '' }));
    const record = { offsetDelta: 0, key: 'n1', value: '{"id":"n1","text":""}', headers };
    await produceRaw(topic.name, batchOf([record]));
    await getsPast();
    await committed(2);
    const body = recordBody(record);
    expect(await positions()).toEqual({
      0: {
        reason: 'the record is withheld: it has 8000 headers, at most 100 are read',
        sizeBytes: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
      },
    });
    expect(await lanes()).toEqual([]);
    expect(await running.metrics.withheld.get()).toMatchObject({
      values: [{ labels: { topic: topic.name }, value: 1 }],
    });
  });

  it.each([
    ['gzip', 400],
    ['zstd', 400],
    ['lz4', 400],
    ['snappy', 100],
    ['gzip', 20],
  ] as const)('opens no batch that inflates without bound, and goes on (%s, %i MiB)', async (codec, mib) => {
    const batch = await bomb(codec, mib);
    expect(await produceRaw(topic.name, batch)).toBe(0);
    expect(await getsPast()).toBeLessThan(150);
    await committed(2);
    const reason = 'the batch is withheld: its 1 records inflate to more than 16777216 bytes';
    expect(await positions()).toMatchObject({ 0: { reason, sizeBytes: batch.length } });
  });

  it('takes a batch of 100,000 records in parts, each record once', async () => {
    const records = Array.from({ length: 100_000 }, (_, offsetDelta) =>
      framed(recordBody({ offsetDelta, value: `{"id":"${offsetDelta}","text":""}` })),
    );
    const payload = compress.gzip(Buffer.concat(records));
    const batch = batchAround({ codec: 'gzip', payload, count: 100_000, lastOffsetDelta: 99_999 });
    await produceRaw(topic.name, batch);
    expect(await getsPast(60_000)).toBeLessThan(300);
    await committed(100_001);
    expect(applied.slice(0, 100_000).every((id, index) => id === String(index))).toBe(true);
    expect(applied).toHaveLength(100_001);
    expect([await lanes(), await positions()]).toEqual([[], {}]);
  });

  it('gets past a batch that is larger than any response is read', async () => {
    const value = Buffer.alloc(2 * MIB);
    const batch = batchOf(Array.from({ length: 17 }, (_, offsetDelta) => ({ offsetDelta, value })));
    await produceRaw(topic.name, batch);
    expect(await getsPast()).toBeLessThan(150);
    await committed(18);
    expect(await positions()).toMatchObject({ 16: { first: 0 } });
  });
});
