import type { Connection } from 'mongoose';
import { Registry } from 'prom-client';
import { connect, eventually } from '../../testing/harness';
import { noteTopic } from '../../testing/note';
import { BatchProcessor } from '../consumer/batch-processor';
import type { EventHandler } from '../consumer/event-handling';
import { OutboxFull, StoreUnavailable } from '../failures';
import { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { ParkedEvents } from './parked-events';
import { Redrive } from './redrive';

/** A handler that hangs is given up after 5 s. */
const HANGS_MS = 5_000;

describe('a lane that cannot go on', () => {
  let connection: Connection;
  const started: Redrive[] = [];

  beforeAll(async () => {
    connection = await connect();
  });

  afterAll(async () => {
    await Promise.all(started.map((redrive) => redrive.stop()));
    await connection.close();
  });

  function redriving(topic: Topic<unknown>, handler: EventHandler) {
    const parked = new ParkedEvents(connection);
    const metrics = new MessagingMetrics(new Registry());
    const processor = new BatchProcessor(() => handler, parked, metrics);
    const redrive = new Redrive(new Map([[topic.name, topic]]), processor, parked, metrics);
    started.push(redrive);
    const laneOf = (id: string) => `${topic.name}|${id}`;
    const park = (id: string, version: number) => {
      const origin = { topic: topic.name, partition: 0, offset: String(version), timestamp: 1_000 };
      const header = (name: string, value: number) => ({ name, value: Buffer.from(String(value)) });
      const headers = [header('ce_aggregateversion', version), header('ce_previousversion', version - 1)];
      const value = Buffer.from(JSON.stringify({ id, text: 'x' }));
      return parked.park({ lane: laneOf(id), raw: { origin, key: Buffer.from(id), value, headers }, reason: 'x' });
    };
    const left = async () => (await parked.due([topic.name], 100)).map((lane) => lane.split('|')[1]);
    const turnOf = async (id: string) => parked.find(laneOf(id));
    return { redrive, laneOf, park, left, turnOf };
  }

  it('because its handler hangs holds up no other lane', async () => {
    const handed: string[] = [];
    const { redrive, park, left } = redriving(noteTopic('delta'), async ([event]) => {
      handed.push(event?.id ?? '');
      return event?.id.startsWith('hangs') ? new Promise(() => undefined) : ['applied'];
    });
    for (const id of ['hangs-1', 'hangs-2', 'hangs-3', 'good-1', 'good-2']) await park(id, 1);
    redrive.start();
    await eventually(
      () => handed.length,
      (count) => count > 0,
    );
    const begin = performance.now();
    await eventually(left, (lanes) => lanes.every((id) => id?.startsWith('hangs')));
    expect(performance.now() - begin).toBeLessThan(HANGS_MS - 500);
    await park('good-3', 1);
    await eventually(
      () => handed,
      (ids) => ids.includes('good-3'),
    );
    expect(handed.filter((id) => id.startsWith('good')).sort()).toEqual(['good-1', 'good-2', 'good-3']);
  });

  it('because its aggregate takes no more events for now holds up no other lane', async () => {
    const applied: string[] = [];
    const { redrive, park, left } = redriving(noteTopic('delta'), async ([event]) => {
      if (event?.id === 'full') throw new OutboxFull('full');
      applied.push(event?.id ?? '');
      return ['applied'];
    });
    for (const id of ['full', 'good-1', 'good-2']) await park(id, 1);
    redrive.start();
    await eventually(
      () => applied.length,
      (count) => count === 2,
    );
    await eventually(left, (lanes) => lanes.join() === 'full');
  });

  it('takes no more than twice that time of a turn, however many events of it hang', async () => {
    const handed: number[] = [];
    const { redrive, laneOf, park } = redriving(noteTopic('state'), async ([event]) => {
      handed.push(event?.version ?? 0);
      return new Promise(() => undefined);
    });
    for (const version of [1, 2, 3, 4, 5]) await park('hangs', version);
    expect(await redrive.lane(laneOf('hangs'))).toMatchObject({ released: 0, left: 5 });
    expect(handed).toEqual([5, 4]);
  });

  it('has its try counted before the handler has it: one that ends the process has no end', async () => {
    const seen: unknown[] = [];
    const topic = noteTopic('delta');
    const { redrive, laneOf, park, turnOf } = redriving(topic, async ([event]) => {
      const lane = await turnOf(event?.id ?? '');
      seen.push([lane?.attempts, (lane?.nextAttemptAt?.getTime() ?? 0) > Date.now()]);
      throw new RangeError('not today');
    });
    await park('fatal', 1);
    await redrive.lane(laneOf('fatal'));
    await redrive.lane(laneOf('fatal'));
    // a single event is handed over three times before it is given up
    expect(seen).toEqual([1, 1, 1, 2, 2, 2].map((attempts) => [attempts, true]));
    expect(await turnOf('fatal')).toMatchObject({ attempts: 2 });
  });

  it('has a try that was ended by the store not counted', async () => {
    const { redrive, laneOf, park, turnOf } = redriving(noteTopic('delta'), async () => {
      throw new StoreUnavailable();
    });
    await park('a', 1);
    const before = await turnOf('a');
    await expect(redrive.lane(laneOf('a'))).rejects.toThrow(StoreUnavailable);
    expect(await turnOf('a')).toEqual(before);
  });
});
