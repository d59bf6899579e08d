import type { Connection } from 'mongoose';
import { operating } from '../../testing/deltas';
import { connect, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { GroupLag } from '../kafka/group-lag';
import { STALLED_AFTER_MS } from '../kafka/partition-progress';
import { StoreUnavailable } from '../failures';
import type { Skip } from '../parked/collections';
import { MessagingHealth } from '../messaging-health';

describe('a partition that stands still', () => {
  let connection: Connection;
  let kafka: Kafka;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
    await kafka.close();
    await connection.close();
  });

  async function start(group = `test-${Math.random()}`, topic = noteTopic('state', 1)) {
    await kafka.create(topic);
    const parts = await operating(topic, connection, { group });
    ends.push(parts.stop);
    return { ...parts, group };
  }

  /** The handler takes this one for the store's failure, for ever. */
  function standAt(deltas: Awaited<ReturnType<typeof start>>['deltas'], id: string): void {
    const { handle } = deltas;
    Object.assign(deltas, {
      handle: async (events: Parameters<typeof handle>[0]) => {
        if (events.some((event) => event.id === id)) throw new StoreUnavailable();
        return handle(events);
      },
    });
  }

  it('shows in health within a minute, and goes on behind the record that an operator has skipped', async () => {
    const { topic, deltas, consumer, metrics, operations, parked, group } = await start();
    standAt(deltas, 'poison');
    const groupLag = new GroupLag({ read: () => consumer.committed() }, metrics.kafka);
    groupLag.start();
    ends.push(() => groupLag.stop());
    const health = new MessagingHealth({ connection, kafkaConsumer: consumer, metrics, groupLag } as never);
    await kafka.send(topic, message('before', 1));
    await eventually(
      () => deltas.applied.get('before')?.length,
      (count) => count === 1,
    );
    await kafka.send(topic, message('poison', 1));
    await kafka.send(topic, message('behind', 1));
    const begin = performance.now();
    await eventually(
      () => health.consumer(),
      ({ status }) => status === 'DOWN',
    );
    expect(health.consumer().details.reason).toContain('paused: ');
    const told = await eventually(
      () => health.consumer(),
      ({ details }) => String(details.reason).includes('stalled'),
      70_000,
    );
    expect(String(told.details.reason)).toContain(`${topic.name}[0] has stood at offset 1 for`);
    expect(performance.now() - begin).toBeLessThan(STALLED_AFTER_MS + 25_000);
    const skip = { topic: topic.name, partition: 0, offset: 1 };
    await expect(operations.positions.skip({ ...skip, offset: 0 }, { by: 'ada', reason: 'x' })).rejects.toThrow(
      'already',
    );
    await expect(operations.positions.skip({ ...skip, offset: 9 }, { by: 'ada', reason: 'x' })).rejects.toThrow(
      'no record',
    );
    await operations.positions.skip(skip, { by: 'ada', reason: 'it stops everything' });
    await eventually(
      () => deltas.applied.get('behind')?.length,
      (count) => count === 1,
    );
    await eventually(
      () => kafka.committed(group, topic),
      (committed) => committed === 3,
    );
    await eventually(
      () => health.consumer(),
      ({ status }) => status === 'UP',
      30_000,
    );
    const chunk = await parked.positions.find(`${topic.name}#0#0`);
    expect(chunk).toMatchObject({
      entries: [{ o: 1 }],
      facts: { 1: { reason: 'skipped: it stops everything', skippedBy: 'ada' } },
      nextAttemptAt: null,
    });
    const skips = () => connection.collection<Skip>('parked.skips').findOne({ _id: `${topic.name}:0:1` });
    expect(await eventually(skips, (found) => found?.passedAt !== null)).toMatchObject({ by: 'ada' });
  });

  it('is passed over by the next instance before it fetches the record, when the process died at it', async () => {
    const topic = noteTopic('state', 1);
    const first = await start(undefined, topic);
    standAt(first.deltas, 'poison');
    await kafka.send(topic, message('before', 1));
    await eventually(
      () => first.deltas.applied.get('before')?.length,
      (count) => count === 1,
    );
    await kafka.send(topic, message('poison', 1), message('behind', 1));
    await eventually(
      () => first.consumer.pausedReason,
      (reason) => reason !== undefined,
    );
    await first.stop();
    const skip = { topic: topic.name, partition: 0, offset: 1 };
    await first.operations.positions.skip(skip, { by: 'ada', reason: 'a test' });
    const second = await start(first.group, topic);
    const seen: string[] = [];
    const { handle } = second.deltas;
    Object.assign(second.deltas, {
      handle: async (events: Parameters<typeof handle>[0]) => {
        seen.push(...events.map(({ id }) => id));
        return handle(events);
      },
    });
    await eventually(
      () => second.deltas.applied.get('behind')?.length,
      (count) => count === 1,
    );
    expect(seen).toEqual(['behind']);
    const range = { topic: topic.name, partition: 0, from: 1, to: 1 };
    expect(await second.operations.positions.redrive(range)).toMatchObject({ released: 1, left: 0 });
    expect(second.deltas.applied.get('poison')).toEqual([1]);
  });
});
