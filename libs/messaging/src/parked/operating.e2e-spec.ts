import type { Connection } from 'mongoose';
import { bad, Deltas, exhausted, operating } from '../../testing/deltas';
import { connect, consuming, type ConsumingOptions, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import type { Topic } from '../topic';
import type { Lane } from './lane';
import { DiscardRefused, NotParked } from './operator-failures';

const decree = { by: 'ada', reason: 'sent by a test' };

describe('parked events, operated', () => {
  let connection: Connection;
  let kafka: Kafka;
  const stops: (() => Promise<void>)[] = [];
  const owned: Connection[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await kafka.close();
    for (const one of [connection, ...owned]) await one.close();
  });

  async function ownDatabase(): Promise<Connection> {
    const own = await connect();
    owned.push(own);
    return own;
  }

  async function start(
    ordering: Topic<unknown>['ordering'] = 'delta',
    options: ConsumingOptions = {},
    on = connection,
  ) {
    const topic = noteTopic(ordering, 1);
    await kafka.create(topic);
    const parts = await operating(topic, on, options);
    stops.push(parts.stop);
    return parts;
  }

  const discardedOf = (on: Connection, lane: string) =>
    on
      .collection<{ _id: string; lane: string; record: Lane['events'][0] }>('parked.discarded')
      .find({ lane })
      .toArray();

  it('lists lanes without their events, by topic and age, in pages', async () => {
    const { topic, operations, laneOf, holds } = await start();
    await kafka.send(topic, bad('a', 1), message('a', 2), bad('b', 1), bad('c', 1));
    await holds('a', 2);
    for (const id of ['b', 'c']) await holds(id, 1);
    const [lanes, total] = await operations.page({ topic: topic.name }, { page: 0, size: 2 });
    expect(total).toBe(3);
    expect(lanes.map(({ _id }) => _id)).toEqual([laneOf('a'), laneOf('b')]);
    expect(lanes[0]).toMatchObject({ count: 2, topic: topic.name });
    expect(lanes[0]).not.toHaveProperty('events');
    const [second] = await operations.page({ topic: topic.name }, { page: 1, size: 2 });
    expect(second.map(({ _id }) => _id)).toEqual([laneOf('c')]);
    expect((await operations.page({ topic: 'other' }, { page: 0, size: 2 }))[1]).toBe(0);
    expect((await operations.page({ minAgeMs: 3_600_000 }, { page: 0, size: 2 }))[1]).toBe(0);
  });

  it('redrives by hand what was mended, says what it would try before, and what is left after', async () => {
    const once = { limits: { maxLanes: 9, maxBytes: 1e9, maxRedrives: 1 } };
    const { topic, deltas, operations, laneOf, lane } = await start('delta', once);
    deltas.broken.add('a').add('b');
    await kafka.send(topic, message('a', 1), message('a', 2), message('b', 1));
    await eventually(() => lane('a'), exhausted);
    const parked = await eventually(() => lane('b'), exhausted);
    expect(parked).toMatchObject({ reason: 'the handler failed: RangeError: b is broken' });
    expect(parked?.stack).toMatch(/^RangeError: b is broken\n\s+at /);
    deltas.broken.delete('a');
    const range = { topic: topic.name };
    expect((await operations.preview(range)).lanes.map(({ _id }) => _id)).toEqual([laneOf('a'), laneOf('b')]);
    const { lanes, next } = await operations.redriveAll(range);
    const reason = 'the handler failed: RangeError: b is broken';
    expect(lanes).toEqual([
      { lane: laneOf('a'), released: 2, left: 0 },
      { lane: laneOf('b'), released: 0, left: 1, reason },
    ]);
    expect(next).toBeUndefined();
    expect(deltas.applied.get('a')).toEqual([1, 2]);
    expect(await lane('a')).toBeNull();
    deltas.broken.delete('b');
    expect(await operations.redrive(laneOf('b'))).toEqual({ lane: laneOf('b'), released: 1, left: 0 });
    expect(deltas.applied.get('b')).toEqual([1]);
    await expect(operations.redrive(laneOf('b'))).rejects.toBeInstanceOf(NotParked);
  });

  it('gives a version up: keeps it byte by byte, moves the gate, lets the later ones follow, and never parks it again', async () => {
    const { topic, deltas, operations, laneOf, lane, holds, metrics } = await start();
    const poison = { ...bad('a', 2), value: Buffer.from([0xff, 0x00, 0x7b]) };
    await kafka.send(topic, message('a', 1), poison, bad('a', 2), message('a', 3), message('a', 4));
    await holds('a', 4);
    await expect(operations.discard(laneOf('a'), { version: 3 }, decree)).rejects.toMatchObject({
      details: { lowest: 2, version: 3 },
    });
    const report = await operations.discard(laneOf('a'), { version: 2 }, decree);
    expect(report).toMatchObject({ discarded: ['0:1', '0:2'], version: 2, gate: 2 });
    expect(deltas.applied.get('a')).toEqual([1, 3, 4]);
    expect(await lane('a')).toBeNull();
    const kept = await discardedOf(connection, laneOf('a'));
    expect(kept).toMatchObject([
      { ...decree, version: 2, topic: topic.name, record: { position: '0:1' } },
      { ...decree, version: 2, record: { position: '0:2' } },
    ]);
    expect(kept[0]?.record.value?.toString('hex')).toBe(poison.value.toString('hex'));
    await kafka.send(topic, poison, message('a', 5));
    await eventually(
      () => deltas.applied.get('a'),
      (applied) => applied?.at(-1) === 5,
    );
    expect(await lane('a')).toBeNull();
    // counted when all is done with a batch
    await eventually(
      async () => (await metrics.consumed.get()).values,
      (values) => values.some(({ labels }) => labels.topic === topic.name && labels.outcome === 'duplicate'),
    );
  });

  it('gives a version up that never came, but none that came already', async () => {
    const { topic, deltas, operations, laneOf, holds } = await start();
    await kafka.send(topic, message('a', 1), message('a', 3));
    await holds('a', 1);
    await expect(operations.discard(laneOf('a'), { version: 1 }, decree)).rejects.toBeInstanceOf(DiscardRefused);
    expect(await operations.discard(laneOf('a'), { version: 2 }, decree)).toMatchObject({
      discarded: [],
      gate: 2,
      redriven: { released: 1, left: 0 },
    });
    expect(deltas.applied.get('a')).toEqual([1, 3]);
    expect(await discardedOf(connection, laneOf('a'))).toMatchObject([{ _id: `${laneOf('a')}@2`, ...decree }]);
  });

  it('gives up a record without an aggregate by its position, also when it is delivered again', async () => {
    const group = `test-${Math.random()}`;
    const own = await ownDatabase();
    const first = await start('delta', { group }, own);
    await kafka.send(first.topic, { key: null, value: 'no JSON' }, message('a', 1));
    const id = `${first.topic.name}:0:0`;
    await eventually(
      () => first.parked.find(id),
      (lane) => lane !== null,
    );
    await first.operations.discard(id, { position: '0:0' }, decree);
    const deltas = new Deltas();
    // another group alone is not sent it again: the store knows how far it has come
    await own.db?.collection('consumer.offsets').deleteMany({});
    const again = await consuming(first.topic, own, deltas.handle);
    stops.push(again.stop);
    await eventually(
      () => deltas.applied.get('a'),
      (applied) => applied?.length === 1,
    );
    expect(await again.parked.find(id)).toBeNull();
    await expect(first.operations.discard(id, { position: '0:0' }, decree)).rejects.toBeInstanceOf(NotParked);
  });

  it('on a state topic gives up any version and moves no gate', async () => {
    const { topic, operations, laneOf, lane, holds } = await start('state', {
      gate: () => Promise.reject(new Error()),
    });
    await kafka.send(topic, bad('a', 1), bad('a', 2));
    await holds('a', 2);
    await operations.discard(laneOf('a'), { version: 2 }, decree);
    expect((await lane('a'))?.events.map(({ position }) => position)).toEqual(['0:0']);
    await expect(operations.discard(laneOf('a'), { version: 2 }, decree)).rejects.toBeInstanceOf(NotParked);
  });
});
