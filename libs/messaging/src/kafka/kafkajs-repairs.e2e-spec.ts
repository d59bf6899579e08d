import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import type { Admin, Consumer } from 'kafkajs';
import { Door } from '../../../../test/door';
import { eventually, settings } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { kafkaClient } from './kafka-client';

describe('a connection of kafkajs', () => {
  let door: Door;
  let admin: Admin;

  beforeEach(async () => {
    const [host = '', port] = settings().brokers[0]?.split(':') ?? [];
    door = await Door.open({ host, port: Number(port) });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await admin.disconnect();
    door.close();
  });

  it('on which a request is never answered is left for a new one', async () => {
    const patient = { ...settings(), brokers: [`127.0.0.1:${door.port}`], requestTimeoutMs: 500 };
    admin = kafkaClient(patient, 'test-repairs', { retries: 0 }).admin();
    await admin.connect();
    door.silence();
    await expect(admin.listTopics()).rejects.toThrow(/timed out/);
    await eventually(
      () => door.taken[0]?.destroyed,
      (destroyed) => destroyed === true,
    );
    expect(await admin.listTopics()).toBeInstanceOf(Array);
    expect(door.taken).toHaveLength(2);
  });

  it('has its end told in words when no broker answers any more', async () => {
    admin = kafkaClient(settings(), 'test-repairs', { retries: 0 }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).toHaveLength(1);
    const load = createRequire(require.resolve('kafkajs'));
    const BrokerPool = load('./src/cluster/brokerPool') as { prototype: { withBroker(): Promise<unknown> } };
    // what it says when each broker failed; brokers name their own address to clients, so that nothing can stand in between
    jest.spyOn(BrokerPool.prototype, 'withBroker').mockResolvedValue(null);
    await expect(admin.describeCluster()).rejects.toThrow('no broker answers');
  });

  it('has no timer running when nothing waits', async () => {
    admin = kafkaClient(settings(), 'test-repairs').admin();
    await admin.connect();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await admin.listTopics();
    // at every answer kafkajs looks for what waits, and would look again after this time
    const delays = timers.mock.calls.map(([, delayMs]) => delayMs ?? 0);
    expect(delays.filter((delayMs) => delayMs <= 10)).toEqual([]);
  });
});

describe('a consumer of kafkajs', () => {
  let consumer: Consumer;
  let kafka: Kafka;

  beforeEach(async () => {
    kafka = await Kafka.connect();
  });

  afterEach(async () => {
    await consumer.disconnect();
    await kafka.close();
  });

  it('commits once what batches of several partitions that end together have resolved', async () => {
    const topic = noteTopic();
    await kafka.create(topic);
    await kafka.send(topic, ...[0, 1, 2].map((partition) => ({ ...message(`n${partition}`, 1), partition })));
    consumer = kafkaClient(settings(), 'test-commits').consumer({ groupId: `commits-${randomUUID()}` });
    const commits: number[] = [];
    consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      commits.push(...payload.topics.map(({ partitions }) => partitions.length));
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    const together = Promise.withResolvers<void>();
    let begun = 0;
    await consumer.run({
      partitionsConsumedConcurrently: 3,
      eachBatch: async () => {
        if (++begun === 3) together.resolve();
        await together.promise;
      },
    });
    await eventually(
      () => commits.reduce((sum, partitions) => sum + partitions, 0),
      (committed) => committed >= 3,
    );
    await consumer.disconnect();
    expect(commits).toEqual([3]);
  });
});
