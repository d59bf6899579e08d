import type { Connection } from 'mongoose';
import { bad, operating } from '../../testing/deltas';
import { connect, type ConsumingOptions, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import type { Topic } from '../topic';
import { MAX_LANE_EVENTS, rawRecordOf } from './lane';
import { entriesIn, offsetOf } from './positions-chunk';

const limits = { maxLanes: 20, maxBytes: 1e9, maxRedrives: 2 };

describe('what does not fit the lanes', () => {
  let kafka: Kafka;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    for (const end of ends) await end();
    await kafka.close();
  });

  async function start(ordering: Topic<unknown>['ordering'], options: ConsumingOptions = {}) {
    const topic = noteTopic(ordering, 1);
    await kafka.create(topic);
    const connection: Connection = await connect();
    const group = `test-${Math.random()}`;
    const parts = await operating(topic, connection, { limits, group, ...options });
    ends.push(parts.stop, () => connection.close());
    const applied = (id: string, versions: string) =>
      eventually(
        () => parts.deltas.applied.get(id)?.join(),
        (found) => found === versions,
      );
    const positions = async () => (await parts.parked.positions.summary()).reduce((sum, { count }) => sum + count, 0);
    const paused = async () => (await parts.metrics.paused.get()).values.some(({ value }) => value === 1);
    const range = { topic: topic.name, partition: 0, from: 0, to: Number.MAX_SAFE_INTEGER };
    const redriven = () => parts.consumer.redrivePositions(range, performance.now() + 30_000);
    return { ...parts, group, connection, applied, positions, paused, redriven };
  }

  it('are found by where a withheld batch begins, also when it ends in the next chunk', async () => {
    const { topic, parked } = await start('state');
    const kept = (offset: number, first?: number) => ({
      lane: `${topic.name}:0:${offset}`,
      raw: {
        origin: { topic: topic.name, partition: 0, offset: String(offset), timestamp: Date.now() },
        key: null,
        value: null,
        headers: [],
      },
      reason: 'withheld',
      ...(first !== undefined && { facts: { reason: 'withheld', first } }),
    });
    await parked.positions.append([kept(941), kept(1_061, 942)]);
    const found = async (from: number, to: number) => {
      const offsets: number[] = [];
      for await (const chunk of parked.positions.within({ topic: topic.name, partition: 0, from, to })) {
        for (const entry of entriesIn(chunk, { from, to })) offsets.push(offsetOf(chunk, entry));
      }
      return offsets;
    };
    expect(await found(941, 999)).toEqual([941, 1_061]);
    expect(await found(942, 999)).toEqual([1_061]);
    expect(await found(0, 940)).toEqual([]);
    expect(await found(0, 2_000)).toEqual([941, 1_061]);
  });

  it('have a redrive counted when it begins, once for all instances, and its turn back when it did not take place', async () => {
    const { topic, parked } = await start('state');
    const origin = { topic: topic.name, partition: 0, offset: '7', timestamp: Date.now() };
    const raw = { origin, key: null, value: null, headers: [] };
    await parked.positions.append([{ lane: `${topic.name}:0:7`, raw, reason: 'x', facts: { reason: 'x' } }]);
    const redrive = { forMs: 60_000, maxRedrives: 2 };
    const find = () => parked.positions.find(`${topic.name}#0#0`);
    const before = await find();
    if (!before) throw new Error('nothing is kept');
    const first = await parked.positions.begin(before, redrive);
    expect(first).toMatchObject({ attempts: 1 });
    expect(first?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 30_000);
    expect(await parked.positions.begin(before, redrive)).toBeNull();
    if (first) await parked.positions.takeBack(first, before);
    expect(await find()).toEqual(before);
    const again = await parked.positions.begin(before, redrive);
    const last = again && (await parked.positions.begin(again, redrive));
    expect(last).toMatchObject({ attempts: 2, nextAttemptAt: null });
  });

  it('of one aggregate holds up no other one: its partition goes on', async () => {
    const { topic, applied, positions, paused, lane, group } = await start('state');
    const flood = Array.from({ length: MAX_LANE_EVENTS + 5 }, (_, n) => bad('flood', n + 1));
    await kafka.send(topic, ...flood, message('good', 1));
    await applied('good', '1');
    await eventually(positions, (count) => count === 5);
    expect([(await lane('flood'))?.count, await paused()]).toEqual([MAX_LANE_EVENTS, false]);
    await eventually(
      () => kafka.committed(group, topic),
      (committed) => committed === flood.length + 1,
    );
  });

  it('of more aggregates than there may be lanes holds up no other one', async () => {
    const { topic, applied, positions, parked } = await start('delta');
    const bads = Array.from({ length: 300 }, (_, n) => bad(`bad-${n}`, 1));
    await kafka.send(topic, ...bads, message('new', 1), message('new', 2));
    await applied('new', '1,2');
    await eventually(positions, (count) => count === bads.length - limits.maxLanes);
    expect((await parked.summary())[0]?.lanes).toBe(limits.maxLanes);
  });

  it('of more bytes than all lanes may hold holds up no other one, and finds room when lanes are emptied', async () => {
    const few = { ...limits, maxBytes: 20_000 };
    const { topic, applied, positions, parked, redriven, lane, laneOf } = await start('delta', {
      limits: few,
    });
    const large = (id: string) => ({ ...message(id, 1), value: `{"id":"${'x'.repeat(6_000)}` });
    await kafka.send(topic, ...['a', 'b', 'c', 'd', 'e'].map(large), message('new', 1), message('new', 2));
    await applied('new', '1,2');
    await eventually(positions, (count) => count === 2);
    const [held] = await parked.summary();
    expect([held?.lanes, held?.events, (held?.bytes ?? 0) <= few.maxBytes]).toEqual([3, 3, true]);
    // as it is after a rebalance: what a lane holds is not kept a second time
    const events = (await lane('a'))?.events ?? [];
    const raws = events.map((event) => rawRecordOf(topic.name, event));
    await parked.parkAll(raws.map((raw) => ({ lane: laneOf('a'), raw, reason: 'again' })));
    expect([await positions(), (await lane('a'))?.count]).toEqual([2, 1]);
    await parked.release(laneOf('a'), events);
    await parked.summary();
    expect(await redriven()).toMatchObject({ moved: 1, left: 1 });
  });

  it('is read again from its topic and applied in order when its handler is mended', async () => {
    const { topic, deltas, applied, positions, redriven, operations, laneOf, lane } = await start('delta');
    deltas.broken.add('many');
    for (let n = 0; n < 25; n++) deltas.broken.add(`b-${n}`);
    const versions = Array.from({ length: MAX_LANE_EVENTS + 30 }, (_, n) => n + 1);
    const others = Array.from({ length: 25 }, (_, n) => message(`b-${n}`, 1));
    await kafka.send(topic, ...others, ...versions.map((version) => message('many', version)));
    // 20 lanes are taken by others: all of the aggregate is known by its positions only
    await eventually(positions, (count) => count === 5 + versions.length);
    expect(await lane('many')).toBeNull();
    deltas.broken.clear();
    expect(await redriven()).toMatchObject({ released: 5 + versions.length, moved: 0, lost: 0, left: 0 });
    await applied('many', versions.join());
    await operations.redriveAll({});
    for (let n = 0; n < 25; n++) await applied(`b-${n}`, '1');
    expect(await lane('b-0')).toBeNull();
    expect(laneOf('b-0')).toContain(topic.name);
  });

  it('goes into its lane when there is room, and stays when there is none', async () => {
    const { topic, positions, redriven, operations, lane, laneOf, holds } = await start('delta', {
      limits: { maxLanes: 1, maxBytes: 1e9, maxRedrives: 1 },
    });
    await kafka.send(topic, bad('a', 1), bad('b', 1), bad('b', 2), bad('c', 1));
    await holds('a', 1);
    await eventually(positions, (count) => count === 3);
    expect(await redriven()).toMatchObject({ released: 0, moved: 0, left: 3 });
    await operations.discard(laneOf('a'), { version: 1 }, { by: 'ada', reason: 'a test' });
    expect(await redriven()).toMatchObject({ released: 0, moved: 2, left: 1 });
    expect((await lane('b'))?.events.map(({ offset }) => offset)).toEqual(['1', '2']);
  });

  it('holds back a delta without a version of the same aggregate, but no other one', async () => {
    const seen: string[] = [];
    const refused = new Set(['kept']);
    const { topic, positions, redriven, deltas } = await start('delta');
    const text = (id: string, value: string) => ({ key: id, value: JSON.stringify({ id, text: value }) });
    const original = deltas.handle;
    Object.assign(deltas, {
      handle: async (events: Parameters<typeof original>[0]) => {
        for (const { id } of events) if (refused.has(id)) throw new RangeError('broken');
        for (const { id, value } of events) seen.push(`${id} ${(value as { text: string }).text}`);
        return events.map(() => 'applied' as const);
      },
    });
    const others = Array.from({ length: limits.maxLanes }, (_, n) => bad(`bad-${n}`, 1));
    await kafka.send(topic, ...others, text('kept', 'first'));
    await eventually(positions, (count) => count === 1);
    refused.clear();
    expect(seen).toEqual([]);
    await kafka.send(topic, text('kept', 'second'), text('free', 'only'));
    await eventually(
      () => seen.join(),
      (found) => found.includes('free only'),
    );
    await redriven();
    await eventually(
      () => seen.filter((each) => each.startsWith('kept')),
      (found) => found.length === 2,
    );
    expect(seen.filter((each) => each.startsWith('kept'))).toEqual(['kept first', 'kept second']);
  });

  it('is told as lost when its topic has deleted it, and does not stand in the way', async () => {
    const { topic, deltas, parked, redriven, metrics, connection, applied } = await start('delta', {
      limits: { maxLanes: 1, maxBytes: 1e9, maxRedrives: 1 },
    });
    deltas.broken.add('a').add('b');
    await kafka.send(topic, bad('x', 1), message('a', 1), message('b', 1), message('b', 2));
    // tried by itself, and left to a person
    await eventually(
      () => parked.positions.summary(),
      ([found]) => found?.count === 3 && found.exhausted === 1,
    );
    await kafka.deleteBefore(topic, 3);
    deltas.broken.clear();
    expect(await redriven()).toMatchObject({ lost: 2, left: 1 });
    const discarded = await connection.collection<{ _id: string }>('parked.discarded').find().toArray();
    expect(discarded).toMatchObject([
      { _id: `${topic.name}:0:1-2`, by: 'retention', positions: { partition: 0, first: 1, last: 2, count: 2 } },
    ]);
    expect((await metrics.positionsLost.get()).values).toMatchObject([{ value: 2, labels: { topic: topic.name } }]);
    await kafka.send(topic, message('good', 1));
    await applied('good', '1');
  });

  it('is given up by a range, with the reason, and does not come back', async () => {
    const { topic, positions, operations, connection, parked } = await start('state', {
      limits: { maxLanes: 1, maxBytes: 1e9, maxRedrives: 1 },
    });
    await kafka.send(topic, ...Array.from({ length: 6 }, (_, n) => bad(`b-${n}`, 1)));
    await eventually(positions, (count) => count === 5);
    const range = { topic: topic.name, partition: 0, from: 2, to: 4 };
    expect((await operations.positions.show(range)).positions.map(({ last }) => last)).toEqual([2, 3, 4]);
    expect(await operations.positions.discard(range, { by: 'ada', reason: 'rubbish' })).toEqual({ discarded: 3 });
    const [kept] = await connection.collection<{ _id: string }>('parked.discarded').find().toArray();
    expect(kept).toMatchObject({ by: 'ada', reason: 'rubbish', positions: { first: 2, last: 4, count: 3 } });
    const origin = { topic: topic.name, partition: 0, offset: '3', timestamp: 1_000 };
    await parked.park({ lane: 'any', raw: { origin, key: null, value: null, headers: [] }, reason: 'again' });
    expect(await positions()).toBe(2);
    await expect(operations.positions.discard(range, { by: 'ada', reason: 'again' })).rejects.toThrow('is not parked');
  });

  it('is kept with size and hash when it could not be opened, is shown, and waits for another try', async () => {
    const { topic, parked, positions, operations, applied } = await start('delta');
    await kafka.send(topic, message('a', 1), message('a', 2));
    await applied('a', '1,2');
    const withheld = {
      reason: 'inflates to more than 4 MiB',
      sizeBytes: 4_711,
      sha256: 'ab'.repeat(32),
      firstOffset: '0',
    };
    const origin = { topic: topic.name, partition: 0, offset: '1', timestamp: Date.now() };
    await parked.park({
      lane: 'alone',
      raw: { origin, key: null, value: null, headers: [], withheld },
      reason: withheld.reason,
    });
    expect(await positions()).toBe(1);
    const range = { topic: topic.name, partition: 0, from: 0, to: 0 };
    const { reason, sizeBytes, sha256 } = withheld;
    expect((await operations.positions.show(range)).positions).toEqual([
      { first: 0, last: 1, reason, facts: { reason, sizeBytes, sha256, first: 0 } },
    ]);
    // it can be opened now: both of its records were applied before
    expect(await operations.positions.redrive(range)).toMatchObject({ released: 1, left: 0 });
    expect(await positions()).toBe(0);
  });
});
