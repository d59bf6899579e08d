import type { Connection, mongo } from 'mongoose';
import { connect, consuming, type ConsumingOptions, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { Registry } from 'prom-client';
import type { Gate } from '../consumer/event-gate';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { DiscardedEvents } from './discarded-events';
import type { Lane } from './lane';
import { LaneListing } from './lane-listing';
import { DiscardRefused, NotParked } from './operator-failures';
import { ParkedOperations } from './parked-operations';

const bad = (id: string, version: number) => ({ ...message(id, version), value: '{"id":' });
const decree = { by: 'ada', reason: 'sent by a test' };

/** A replica of deltas with a gate, as an application has one; `broken` ids are refused. */
class Deltas {
  readonly applied = new Map<string, number[]>();
  readonly gates = new Map<string, number>();
  readonly broken = new Set<string>();

  readonly handle = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> => {
    for (const { id } of events) if (this.broken.has(id)) throw new RangeError(`${id} is broken`);
    return events.map(({ id, version = 0, previousVersion }) => {
      const at = this.gates.get(id) ?? 0;
      if (version <= at) return 'duplicate';
      if (previousVersion !== at) return new Unappliable(`gap: at ${at}, next is ${version}`);
      this.gates.set(id, version);
      this.applied.set(id, [...(this.applied.get(id) ?? []), version]);
      return 'applied';
    });
  };

  readonly gate: Gate = async ({ id, version }) => {
    if (id.startsWith('unknown')) return undefined;
    const at = Math.max(this.gates.get(id) ?? 0, version);
    if (version > 0) this.gates.set(id, at);
    return at;
  };
}

describe('parked events, operated', () => {
  let connection: Connection;
  let kafka: Kafka;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await kafka.close();
    await connection.close();
  });

  async function start(
    ordering: Topic<unknown>['ordering'] = 'delta',
    options: ConsumingOptions = {},
    on = connection,
  ) {
    const topic = noteTopic(ordering, 1);
    await kafka.create(topic);
    const deltas = new Deltas();
    const { consumer, parked, metrics, stop } = await consuming(topic, on, deltas.handle, {
      gate: deltas.gate,
      ...options,
    });
    stops.push(stop);
    const listing = new LaneListing(on);
    const operations = new ParkedOperations({ consumer, parked, listing, discarded: new DiscardedEvents(on) });
    const laneOf = (id: string) => `${topic.name}|${id}`;
    const lane = (id: string) => parked.find(laneOf(id));
    const holds = (id: string, count: number) =>
      eventually(
        () => lane(id),
        (found) => (found?.count ?? 0) === count,
      );
    return { topic, deltas, consumer, parked, metrics, operations, laneOf, lane, holds };
  }

  const discardedOf = (on: Connection, lane: string) =>
    on
      .collection<{ _id: string; lane: string; record: Lane['events'][0] }>('parked.discarded')
      .find({ lane })
      .toArray();

  const exhausted = (lane: Lane | null) => lane?.nextAttemptAt === null;

  it('lists lanes without their events, by topic and age, in pages', async () => {
    const { topic, operations, laneOf, holds } = await start();
    await kafka.send(topic, bad('a', 1), message('a', 2), bad('b', 1), bad('c', 1));
    await holds('a', 2);
    await holds('c', 1);
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
    const once = { limits: { maxLanes: 9, maxRedrives: 1 } };
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
    expect(Buffer.from((kept[0]?.record.value as mongo.Binary).value())).toEqual(poison.value);
    await kafka.send(topic, poison, message('a', 5));
    await eventually(
      () => deltas.applied.get('a'),
      (applied) => applied?.at(-1) === 5,
    );
    expect(await lane('a')).toBeNull();
    const counted = (await metrics.consumed.get()).values.find(
      ({ labels }) => labels.topic === topic.name && labels.outcome === 'duplicate',
    );
    expect(counted?.value).toBeGreaterThanOrEqual(1);
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
    const own = await connect();
    const first = await start('delta', { group }, own);
    await kafka.send(first.topic, { key: null, value: 'no JSON' }, message('a', 1));
    const id = `${first.topic.name}:0:0`;
    await eventually(
      () => first.parked.find(id),
      (lane) => lane !== null,
    );
    await first.operations.discard(id, { position: '0:0' }, decree);
    const deltas = new Deltas();
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

  it('stops redriving by itself after so many failures, and goes on when the gap fills or a person says so', async () => {
    const limits = { maxLanes: 100, maxRedrives: 2 };
    const { topic, deltas, operations, laneOf, lane, holds } = await start('delta', { limits });
    await kafka.send(topic, message('gap', 2), bad('bad', 1));
    for (const id of ['gap', 'bad']) await eventually(() => lane(id), exhausted);
    await kafka.send(topic, message('gap', 3));
    expect(exhausted(await holds('gap', 2))).toBe(true);
    await kafka.send(topic, message('gap', 1));
    await eventually(
      () => deltas.applied.get('gap'),
      (applied) => applied?.length === 3,
    );
    await eventually(
      () => lane('gap'),
      (found) => found === null,
    );
    const report = await operations.redrive(laneOf('bad'));
    expect(report).toMatchObject({ released: 0, left: 1 });
    expect(exhausted(await lane('bad'))).toBe(true);
    expect((await lane('bad'))?.attempts).toBe(3);
  });

  it('never lets a failed redrive undo that the lane was given its turn meanwhile', async () => {
    const { topic, parked, laneOf, holds } = await start('delta', { limits: { maxLanes: 100, maxRedrives: 1 } });
    await kafka.send(topic, message('a', 2));
    const before = await holds('a', 1);
    if (!before) throw new Error('nothing is parked');
    await parked.hasten([laneOf('a')]);
    await parked.failed({ ...before, nextAttemptAt: new Date(1) }, new Unappliable('late'));
    expect(await parked.find(laneOf('a'))).not.toMatchObject({ reason: 'late' });
  });

  it('pauses the partition when there are as many lanes as may be, tells why, and goes on when there is room', async () => {
    const own = await connect();
    const limits = { maxLanes: 2, maxRedrives: 20 };
    const { topic, deltas, metrics, consumer, operations, laneOf, lane, holds } = await start('delta', { limits }, own);
    await kafka.send(topic, bad('a', 1), bad('b', 1), bad('a', 2), bad('c', 1), message('d', 1), message('d', 2));
    const paused = () => metrics.paused.get().then(({ values }) => values.filter(({ value }) => value === 1));
    const [now] = await eventually(paused, (values) => values.length === 1);
    expect(now?.labels).toEqual({ topic: topic.name, partition: 0, reason: 'lanes_full' });
    expect(consumer.pausedReason).toContain('2 lanes are parked, no more are opened');
    expect((await holds('a', 2))?.count).toBe(2);
    expect(await lane('c')).toBeNull();
    await operations.discard(laneOf('b'), { version: 1 }, decree);
    await holds('c', 1);
    expect(await eventually(paused, (values) => values.length === 0)).toEqual([]);
    expect(deltas.applied.get('d')).toEqual([1, 2]);
    expect(consumer.pausedReason).toBeUndefined();
  });

  it('tells of every consumed topic how many lanes and events wait and for how long, zeros included', async () => {
    const own = await connect();
    const { topic, parked, holds } = await start('delta', { limits: { maxLanes: 9, maxRedrives: 1 } }, own);
    await kafka.send(topic, bad('a', 1), bad('a', 2), bad('b', 1));
    await holds('b', 1);
    await holds('a', 2);
    await eventually(
      () => parked.summary(),
      ([found]) => found?.exhausted === 2,
    );
    const registry = new Registry();
    new MessagingMetrics(registry).parked([topic.name, 'quiet'], await parked.summary());
    const text = await registry.metrics();
    for (const line of [
      `parked_lanes{topic="${topic.name}"} 2`,
      `parked_events{topic="${topic.name}"} 3`,
      `parked_lanes_exhausted{topic="${topic.name}"} 2`,
      'parked_lanes{topic="quiet"} 0',
      'parked_oldest_seconds{topic="quiet"} 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(new RegExp(`parked_oldest_seconds\\{topic="${topic.name}"\\} [0-9.]+\\n`));
  });

  it('lists ten thousand lanes in pages in the time of a click', async () => {
    const own = await connect();
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      _id: `notes|${index}`,
      topic: 'notes',
      events: [],
      count: 1,
      bytes: 200,
      reason: 'made by a test',
      parkedAt: new Date(1_000 + index),
      attempts: 0,
      nextAttemptAt: null,
    }));
    await own.collection<Lane>('parked.events').insertMany(rows);
    const listing = new LaneListing(own);
    const began = performance.now();
    const [lanes, total] = await listing.page({ topic: 'notes' }, { page: 250, size: 20 });
    expect([lanes[0]?._id, total]).toEqual(['notes|5000', 10_000]);
    expect(performance.now() - began).toBeLessThan(2_000);
    await own.close();
  });
});
