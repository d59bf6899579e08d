import { Registry } from 'prom-client';
import type { Connection, mongo } from 'mongoose';
import { connect } from '../../testing/harness';
import { noteTopic } from '../../testing/note';
import { BatchProcessor } from '../consumer/batch-processor';
import type { RawRecord } from '../consumer/raw-record';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import { MessagingMetrics } from '../metrics';
import { bytesOfRecord, type Lane, parkedRecord } from './lane';
import { ParkedEvents } from './parked-events';
import { Redrive } from './redrive';

describe('parked events', () => {
  const topic = noteTopic('delta');
  let connection: Connection;
  let parked: ParkedEvents;
  let lanes: mongo.Collection<Lane>;

  beforeAll(async () => {
    connection = await connect();
    parked = new ParkedEvents(connection);
    lanes = connection.collection<Lane>('parked.events');
  });

  afterAll(() => connection.close());

  function raw(id: string, offset: number, version = offset, name = topic.name): RawRecord {
    const header = (of: string, value: number) => ({ name: of, value: Buffer.from(String(value)) });
    return {
      origin: { topic: name, partition: 0, offset: String(offset), timestamp: 1000 },
      key: Buffer.from(id),
      value: Buffer.from(JSON.stringify({ id, text: `v${version}` })),
      headers: [header('ce_aggregateversion', version), header('ce_previousversion', version - 1)],
    };
  }

  const laneOf = (id: string) => `${topic.name}|${id}`;
  const park = (id: string, offset: number, version = offset) =>
    parked.park({ lane: laneOf(id), raw: raw(id, offset, version), reason: 'gap' });
  const offsets = async (id: string) => (await parked.find(laneOf(id)))?.events.map(({ offset }) => offset);

  it('holds a record once, however often and from wherever it is parked', async () => {
    await Promise.all(Array.from({ length: 6 }, () => park('twice', 1)));
    await park('twice', 1);
    const lane = await parked.find(laneOf('twice'));
    expect([lane?.events.length, lane?.count]).toEqual([1, 1]);
    expect(lane?.bytes).toBe(bytesOfRecord(parkedRecord(raw('twice', 1))));
    expect(lane).toMatchObject({ topic: topic.name, reason: 'gap', attempts: 0 });
  });

  it('reads no lanes while it knows of none, until it parks one or gets other partitions', async () => {
    const own = await connect();
    await own.dropDatabase();
    const [here, elsewhere] = [new ParkedEvents(own), new ParkedEvents(own)];
    const held = async (id: string) => [...(await here.likelyAmong([laneOf(id)]))];
    const parkIn = (events: ParkedEvents, id: string) =>
      events.park({ lane: laneOf(id), raw: raw(id, 1), reason: 'gap' });
    await here.summary();
    await parkIn(elsewhere, 'theirs');
    expect(await held('theirs')).toEqual([]);
    here.reassigned();
    expect(await held('theirs')).toEqual([laneOf('theirs')]);
    await own.collection('parked.events').deleteMany({});
    await here.summary();
    await parkIn(here, 'ours');
    expect(await held('ours')).toEqual([laneOf('ours')]);
    await here.summary();
    expect(await held('ours')).toEqual([laneOf('ours')]);
    await own.close();
  });

  it('loses none of many that open a lane at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, offset) => park('crowd', offset)));
    expect((await offsets('crowd'))?.map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('keeps what is parked while the lane is being emptied and removed', async () => {
    await park('ebb', 0);
    for (let offset = 1; offset <= 25; offset++) {
      const lane = await parked.find(laneOf('ebb'));
      await Promise.all([parked.release(laneOf('ebb'), lane?.events ?? []), park('ebb', offset)]);
      expect(await offsets('ebb')).toEqual([String(offset)]);
    }
    const left = await parked.find(laneOf('ebb'));
    expect([left?.count, left?.bytes]).toEqual([1, bytesOfRecord(parkedRecord(raw('ebb', 25)))]);
  });

  it('takes 1,000 records, or 4 MiB: what is more is kept by its position, once', async () => {
    const kept = async () => (await parked.positions.find(`${topic.name}#0#5`))?.entries.map(({ o }) => o);
    await park('cap', 1);
    const events = Array.from({ length: 1_000 }, (_, offset) => parkedRecord(raw('cap', offset)));
    await lanes.updateOne({ _id: laneOf('cap') }, { $set: { events } });
    for (let time = 0; time < 2; time++) await park('cap', 5_000);
    await park('cap', 999);
    expect(await kept()).toEqual([0]);
    await parked.release(laneOf('cap'), events.slice(0, 1));
    await park('cap', 5_001);
    expect((await offsets('cap'))?.at(-1)).toBe('5001');
    await park('heavy', 1);
    await lanes.updateOne({ _id: laneOf('heavy') }, { $set: { bytes: 4 * 1024 * 1024 - 10 } });
    await park('heavy', 5_002);
    expect(await offsets('heavy')).toEqual(['1']);
    expect(await kept()).toEqual([0, 2]);
    const found = await parked.positions.among(topic.name, [laneOf('cap'), laneOf('heavy'), laneOf('twice')]);
    expect([...found].sort()).toEqual([laneOf('cap'), laneOf('heavy')]);
  });

  it('takes the records of a batch with few requests, in their order, whatever is there already', async () => {
    const parking = (id: string, offset: number) => ({
      lane: laneOf(id),
      raw: raw(id, offset),
      reason: 'x'.repeat(9_000),
    });
    await park('batch-a', 2);
    const many = Array.from({ length: 1_200 }, (_, offset) => parking('batch-a', offset));
    const others = Array.from({ length: 300 }, (_, n) => parking(`batch-${n}`, 10_000 + n));
    for (let time = 0; time < 2; time++) await parked.parkAll([...many, ...others]);
    const lane = await parked.find(laneOf('batch-a'));
    const wanted = Array.from({ length: 1_000 }, (_, offset) => String(offset));
    expect([...((await offsets('batch-a')) ?? [])].sort((a, b) => Number(a) - Number(b))).toEqual(wanted);
    expect([lane?.count, lane?.bytes]).toEqual([
      1_000,
      lane?.events.reduce((sum, each) => sum + bytesOfRecord(each), 0),
    ]);
    const kept = await parked.positions.find(`${topic.name}#0#1`);
    expect(kept?.entries.map(({ o }) => o)).toEqual(Array.from({ length: 200 }, (_, o) => o));
    expect(kept?.reason).toHaveLength(300);
    expect(await offsets('batch-299')).toEqual(['10299']);
    expect((await parked.find(laneOf('batch-299')))?.reason).toHaveLength(300);
  });

  it('is kept once when its batch is withheld afterwards, because decoding took too long', async () => {
    const withheld = (offset: string, firstOffset?: string) => ({
      ...raw('a', Number(offset)),
      key: null,
      value: null,
      headers: [],
      withheld: {
        reason: 'decoding it took too long',
        sizeBytes: 9,
        sha256: 'ab',
        wasDecoded: true as const,
        ...(firstOffset !== undefined && { firstOffset }),
      },
    });
    const alone = (offset: string) => `${topic.name}:0:${offset}`;
    await parked.park({ lane: laneOf('known'), raw: raw('known', 50_002, 1), reason: 'x' });
    await parked.park({ lane: laneOf('known'), raw: raw('known', 50_005, 2), reason: 'x' });
    await parked.park({ lane: alone('50008'), raw: withheld('50008', '50001'), reason: 'slow' });
    await parked.park({ lane: alone('50002'), raw: withheld('50002'), reason: 'slow' });
    const chunk = await parked.positions.find(`${topic.name}#0#50`);
    expect(chunk?.entries.map(({ o }) => o)).toEqual([1, 4, 8]);
    expect(chunk?.facts).toEqual({
      1: { reason: 'slow', sizeBytes: 9, sha256: 'ab' },
      4: { reason: 'slow', sizeBytes: 9, sha256: 'ab', first: 50_003 },
      8: { reason: 'slow', sizeBytes: 9, sha256: 'ab', first: 50_006 },
    });
    expect((await parked.find(laneOf('known')))?.events.map(({ offset }) => offset)).toEqual(['50002', '50005']);
  });

  it('comes to its turn later each time it fails, at once when something changed, and topic by topic', async () => {
    const other = { ...topic, name: `${topic.name}.other` };
    await parked.park({ lane: 'other|1', raw: raw('1', 1, 1, other.name), reason: 'x' });
    for (const [failure, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      const lane = await parked.find('other|1');
      if (!lane) throw new Error('the lane is gone');
      const before = Date.now();
      await parked.attempts.failed(await parked.attempts.begin(lane), new Unappliable(`failure ${failure}`));
      const next = (await parked.find('other|1'))?.nextAttemptAt?.getTime() ?? 0;
      expect(next - before).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(next - Date.now()).toBeLessThanOrEqual(seconds * 1_000);
    }
    expect(await parked.due([other.name], 10)).toEqual([]);
    await parked.hasten(['other|1']);
    expect(await parked.due([other.name], 10)).toEqual(['other|1']);
    expect(await parked.due(['another'], 10)).toEqual([]);
    expect(await parked.find('other|1')).toMatchObject({ reason: 'failure 7', attempts: 0 });
  });

  describe('redriven', () => {
    /** Applies the next version of each id only, and remembers what it applied. */
    function gate(history: Map<string, number[]>) {
      return async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> =>
        events.map(({ id, version = 0, previousVersion = 0 }) => {
          const versions = history.get(id) ?? [];
          history.set(id, versions);
          const at = versions.at(-1) ?? 0;
          if (version <= at) return 'duplicate';
          if (previousVersion !== at) return new Unappliable('gap');
          versions.push(version);
          return 'applied';
        });
    }

    function redrive(handler: (events: IncomingEvent<unknown>[]) => Promise<Outcome[]>, of = topic): Redrive {
      const metrics = new MessagingMetrics(new Registry());
      const processor = new BatchProcessor(() => handler, parked, metrics);
      return new Redrive(new Map([[of.name, of]]), processor, parked, metrics);
    }

    it('by several instances at once, lowest version first: every event has one effect, the lane is gone', async () => {
      const history = new Map<string, number[]>();
      for (const version of [5, 2, 4, 1, 3, 2]) await park('race', 100 - version, version);
      await park('race', 50, 2);
      const instances = Array.from({ length: 3 }, () => redrive(gate(history)));
      const reports = await Promise.all(instances.map((each) => each.lane(laneOf('race'))));
      expect(reports.map(({ left }) => left)).toEqual([0, 0, 0]);
      expect(history.get('race')).toEqual([1, 2, 3, 4, 5]);
      expect(await parked.find(laneOf('race'))).toBeNull();
    });

    it('as far as it goes: what waits behind a gap stays, with the reason', async () => {
      const history = new Map<string, number[]>();
      for (const version of [1, 2, 4, 5]) await park('gap', version);
      expect(await redrive(gate(history)).lane(laneOf('gap'))).toMatchObject({ released: 2, left: 2 });
      expect(history.get('gap')).toEqual([1, 2]);
      expect(await parked.find(laneOf('gap'))).toMatchObject({ reason: 'gap', attempts: 1 });
      expect(await offsets('gap')).toEqual(['4', '5']);
    });

    it('on a state topic newest first: the newest that can be applied makes the older ones needless', async () => {
      const state = { ...noteTopic('state'), name: topic.name };
      const applied: number[] = [];
      const handler = async ([event]: IncomingEvent<unknown>[]): Promise<Outcome[]> => {
        if (event?.version === 4) return [new Unappliable('not this one')];
        applied.push(event?.version ?? 0);
        return ['applied'];
      };
      const undecodable = { ...raw('state', 1, 1), value: Buffer.from('{') };
      await parked.park({ lane: laneOf('state'), raw: undecodable, reason: 'not JSON' });
      for (const version of [2, 3, 4]) await park('state', version);
      expect(await redrive(handler, state).lane(laneOf('state'))).toMatchObject({ released: 3, left: 1 });
      expect(applied).toEqual([3]);
      expect(await offsets('state')).toEqual(['4']);
    });
  });
});
