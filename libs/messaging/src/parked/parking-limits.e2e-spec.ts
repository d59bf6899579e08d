import type { Connection } from 'mongoose';
import { Registry } from 'prom-client';
import { bad, exhausted, operating } from '../../testing/deltas';
import { connect, type ConsumingOptions, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { Unappliable } from '../incoming-event';
import { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import type { Lane } from './lane';
import { LaneListing } from './lane-listing';

describe('the limits of parking', () => {
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

  it('stops redriving by itself after so many failures, and goes on when the gap fills or a person says so', async () => {
    const limits = { maxLanes: 100, maxBytes: 1e9, maxRedrives: 2 };
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
    const { topic, parked, laneOf, holds } = await start('delta', {
      limits: { maxLanes: 100, maxBytes: 1e9, maxRedrives: 1 },
    });
    await kafka.send(topic, message('a', 2));
    const before = await holds('a', 1);
    if (!before) throw new Error('nothing is parked');
    await parked.hasten([laneOf('a')]);
    await parked.attempts.failed({ ...before, nextAttemptAt: new Date(1) }, new Unappliable('late'));
    expect(await parked.find(laneOf('a'))).not.toMatchObject({ reason: 'late' });
  });

  it('tells of every consumed topic how many lanes and events wait and for how long, zeros included', async () => {
    const own = await ownDatabase();
    const { topic, parked, holds } = await start(
      'delta',
      { limits: { maxLanes: 9, maxBytes: 1e9, maxRedrives: 1 } },
      own,
    );
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

  it('lists a page of ten thousand lanes, and how many there are', async () => {
    const own = await ownDatabase();
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
    const [lanes, total] = await listing.page({ topic: 'notes' }, { page: 250, size: 20 });
    expect([lanes[0]?._id, lanes.length, total]).toEqual(['notes|5000', 20, 10_000]);
  });
});
