import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connect, consuming, type ConsumingOptions, type ConsumingParts, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { StoreUnavailable } from '../failures';
import { listenToSteps } from '../steps';
import type { Topic } from '../topic';
import type { EventHandler } from './event-handling';

describe('a consumer in its group', () => {
  let connection: Connection;
  let kafka: Kafka;
  const started: ConsumingParts[] = [];

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  afterEach(async () => {
    listenToSteps(undefined);
    await Promise.all(started.splice(0).map((parts) => parts.stop()));
  });

  afterAll(async () => {
    await kafka.close();
    await connection.close();
  });

  async function start(
    topic: Topic<unknown>,
    handler: EventHandler,
    options?: ConsumingOptions,
  ): Promise<ConsumingParts> {
    const parts = await consuming(topic, connection, handler, options);
    started.push(parts);
    return parts;
  }

  const messages = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => message(`n${from + index}`, 1));
  const joined = (parts: ConsumingParts) =>
    eventually(
      () => parts.consumer.trouble,
      (trouble) => trouble === undefined,
    );

  it('loses nothing and applies nothing twice while another one joins and leaves under load', async () => {
    const [topic, group] = [noteTopic('state', 3), `group-${randomUUID()}`];
    await kafka.create(topic);
    const { handler, idsOf } = replicating(connection, 'joining');
    let secondGot = 0;
    const first = await start(topic, handler, { group });
    await joined(first);
    const total = 40;
    let second: ConsumingParts | undefined;
    for (let burst = 0; burst < total; burst++) {
      await kafka.send(topic, ...messages(burst * 50, burst * 50 + 50));
      if (burst === 5) {
        second = await start(topic, (events) => ((secondGot += events.length), handler(events)), { group });
        await joined(second);
      }
      if (burst === 30)
        await eventually(
          () => secondGot,
          (count) => count > 0,
        );
      if (burst === 30) await second?.stop();
    }
    const all = messages(0, total * 50).map(({ key }) => String(key));
    await eventually(
      () => new Set(idsOf('applied')).size,
      (count) => count === all.length,
    );
    expect(idsOf('applied').sort()).toEqual(all.sort());
    expect(secondGot).toBeLessThan(all.length);
  });

  it('that stops in mid-batch finishes what it has begun, commits it, and nothing of it comes again', async () => {
    const [topic, group] = [noteTopic('state', 1), `group-${randomUUID()}`];
    await kafka.create(topic);
    await kafka.send(topic, ...messages(0, 1_200));
    const { handler, outcomes } = replicating(connection, 'stopping');
    let release = () => {};
    let entered = 0;
    const held = new Promise<void>((resolve) => (release = resolve));
    const parts = await start(topic, async (events) => (entered++, await held, handler(events)), { group });
    await eventually(
      () => entered,
      (times) => times === 1,
    );
    const stopped = parts.stop();
    release();
    await stopped;
    expect([entered, outcomes.length]).toEqual([1, 500]);
    expect(await kafka.committed(group, topic)).toBe(500);
    await start(topic, handler, { group });
    await eventually(
      () => outcomes.length,
      (count) => count >= 1_200,
    );
    expect(outcomes.every(({ outcome }) => outcome === 'applied')).toBe(true);
    expect(outcomes).toHaveLength(1_200);
  });

  it('that ends between effect and commit gets its events again, and has no second effect', async () => {
    const [topic, group] = [noteTopic('state', 1), `group-${randomUUID()}`];
    await kafka.create(topic);
    await kafka.send(topic, ...messages(0, 100));
    const { handler, outcomes, idsOf } = replicating(connection, 'uncommitted');
    listenToSteps((step) => {
      if (step === 'events-applied') throw new StoreUnavailable();
    });
    const parts = await start(topic, handler, { group });
    await eventually(
      () => outcomes.length,
      (count) => count >= 100,
    );
    await parts.stop();
    listenToSteps(undefined);
    expect(await kafka.committed(group, topic)).toBe(-1);
    const before = outcomes.length;
    await start(topic, handler, { group });
    await eventually(
      () => kafka.committed(group, topic),
      (offset) => offset === 100,
    );
    expect(idsOf('applied')).toHaveLength(100);
    expect(outcomes.slice(before).map(({ outcome }) => outcome)).toEqual(Array(100).fill('duplicate'));
  });
});
