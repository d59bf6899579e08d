import type { Connection } from 'mongoose';
import { Registry } from 'prom-client';
import { connect, consuming, eventually } from '../../testing/harness';
import { ForeignProducer } from '../../testing/foreign-producer';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { GroupLag } from '../kafka/group-lag';
import { KafkaMetrics } from '../kafka/kafka-metrics';
import { PartitionProgress } from '../kafka/partition-progress';
import { MessagingHealth } from '../messaging-health';

describe('a partition in which another system writes in transactions', () => {
  let connection: Connection;
  let kafka: Kafka;
  let foreign: ForeignProducer;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
    foreign = await ForeignProducer.connect();
  });

  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
    await foreign.close();
    await kafka.close();
    await connection.close();
  });

  async function start() {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    const applied: string[] = [];
    const { consumer, metrics, stop } = await consuming(topic, connection, async (events) => {
      applied.push(...events.map(({ id }) => id));
      return events.map(() => 'applied' as const);
    });
    ends.push(stop);
    return { topic, applied, consumer, metrics };
  }

  const position = async ({ consumer }: Awaited<ReturnType<typeof start>>) => (await consumer.committed())[0];

  it('has no lag behind a transaction that was aborted', async () => {
    const parts = await start();
    const { topic, applied } = parts;
    await kafka.send(topic, message('a', 1));
    await eventually(
      () => position(parts),
      (at) => at?.committed === 1,
    );
    const transaction = await foreign.begin(topic, message('b', 1), message('c', 1));
    await transaction.abort();
    expect(
      await eventually(
        () => position(parts),
        (at) => at !== undefined && at.end > 1 && at.committed >= at.end,
        20_000,
      ),
    ).toMatchObject({ committed: 4, end: 4 });
    expect(applied).toEqual(['a']);
  });

  it('has no lag behind the marker of a transaction that was committed, which is its last record', async () => {
    const parts = await start();
    const transaction = await foreign.begin(parts.topic, message('b', 1), message('c', 1));
    await transaction.commit();
    expect(
      await eventually(
        () => position(parts),
        (at) => at?.committed === 3,
        20_000,
      ),
    ).toMatchObject({ committed: 3, end: 3 });
    expect(parts.applied).toEqual(['b', 'c']);
  });

  it('is told of while a transaction is open for longer than 60 s, and goes on by itself at its end', async () => {
    const abandoned = await ForeignProducer.connect(8_000);
    ends.push(() => abandoned.close());
    const parts = await start();
    const { topic, applied, consumer, metrics } = parts;
    await abandoned.begin(topic, message('never', 1));
    await kafka.send(topic, message('behind', 1));
    const registry = new Registry();
    // a minute in 1.2 s
    const progress = new PartitionProgress(() => performance.now() * 50);
    const groupLag = new GroupLag(
      { read: () => consumer.committed() },
      new KafkaMetrics(registry, { clientId: 'test', group: 'test' }),
      {
        progress,
        intervalMs: 200,
      },
    );
    groupLag.start();
    ends.push(() => groupLag.stop());
    const health = new MessagingHealth({ connection, kafkaConsumer: consumer, metrics, groupLag } as never);
    const told = await eventually(
      () => health.consumer(),
      ({ details }) => String(details.reason).includes('held back'),
      20_000,
    );
    expect(told).toEqual({
      status: 'DOWN',
      details: {
        reason: expect.stringMatching(
          /^held back: a transaction that began at offset 0 of \S+\[0\] has been open for \d+ s, 2 offsets wait for its end$/,
        ) as string,
      },
    });
    expect(applied).toEqual([]);
    const labels = { topic: topic.name, partition: 0 };
    const valueOf = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0];
    expect(await valueOf('consumer_partition_held_back')).toEqual({ labels, value: 1 });
    expect((await valueOf('consumer_partition_held_back_seconds'))?.value).toBeGreaterThanOrEqual(60);
    expect(await valueOf('kafka_consumergroup_lag')).toMatchObject({ value: 0 });
    await eventually(
      () => health.consumer(),
      ({ status }) => status === 'UP',
      60_000,
    );
    expect(applied).toEqual(['behind']);
    expect(await position(parts)).toMatchObject({ committed: 3, end: 3, highWatermark: 3 });
    expect(await valueOf('consumer_partition_held_back')).toEqual({ labels, value: 0 });
  });
});
