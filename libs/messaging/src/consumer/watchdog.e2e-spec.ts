import { createRequire } from 'node:module';
import type { Connection } from 'mongoose';
import {
  connect,
  consuming,
  type ConsumingOptions,
  type ConsumingParts,
  eventually,
  settings,
} from '../../testing/harness';
import { HeldUpGroup } from '../../testing/held-up-group';
import { Kafka, message } from '../../testing/kafka';
import { type Note, noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { kafkaClient } from '../kafka/kafka-client';
import type { Topic } from '../topic';
import type { EventHandler } from './event-handling';

const consumerGroup = createRequire(require.resolve('kafkajs'))('./src/consumer/consumerGroup') as {
  prototype: { fetch: (nodeId: string) => Promise<unknown> };
};

describe('a consumer that', () => {
  let connection: Connection;
  let kafka: Kafka;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  afterAll(async () => {
    await kafka.close();
    await connection.close();
  });

  async function start(topic: Topic<Note>, handler: EventHandler, options: ConsumingOptions): Promise<ConsumingParts> {
    const parts = await consuming(topic, connection, handler, options);
    stops.push(() => parts.stop());
    return parts;
  }

  async function created(): Promise<Topic<Note>> {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    return topic;
  }

  const messages = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => message(`n${from + index}`, 1));
  const keys = (to: number) =>
    messages(0, to)
      .map(({ key }) => String(key))
      .sort();
  const joined = ({ consumer }: ConsumingParts) =>
    eventually(
      () => consumer.trouble,
      (trouble) => trouble === undefined,
    );

  async function members(group: string): Promise<string[]> {
    const admin = kafkaClient(settings(), 'test-watchdog').admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([group]);
    await admin.disconnect();
    return groups.flatMap((described) => described.members.map(({ memberId }) => memberId));
  }

  it('crashed is rebuilt, until it can go on', async () => {
    const topic = await created();
    const { handler, idsOf } = replicating(connection, 'crashed');
    const parts = await start(topic, handler, { group: topic.name });
    await joined(parts);
    const { fetch } = consumerGroup.prototype;
    // kafkajs gives up for good on a TypeError
    consumerGroup.prototype.fetch = () => Promise.reject(new TypeError('a defect in kafkajs'));
    try {
      await eventually(
        () => parts.consumer.trouble?.reason,
        (reason) => reason === 'a defect in kafkajs',
      );
      await kafka.send(topic, ...messages(0, 50));
      expect(idsOf('applied')).toEqual([]);
    } finally {
      consumerGroup.prototype.fetch = fetch;
    }
    await eventually(
      () => kafka.committed(topic.name, topic),
      (offset) => offset === 50,
    );
    expect(idsOf('applied').sort()).toEqual(keys(50));
    expect(parts.consumer.trouble).toBeUndefined();
  });

  it('was expelled, because its process stood still, joins again and applies everything once', async () => {
    const topic = await created();
    const { handler, idsOf } = replicating(connection, 'expelled');
    let frozen = false;
    const parts = await start(
      topic,
      async (events) => {
        if (!frozen) {
          frozen = true;
          // longer than its session of 3 s: no heartbeat leaves this process
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8_000);
        }
        return handler(events);
      },
      { group: topic.name },
    );
    await joined(parts);
    const [before] = await members(topic.name);
    await kafka.send(topic, ...messages(0, 50));
    await eventually(
      () => idsOf('applied').length,
      (count) => count === 50,
    );
    await kafka.send(topic, ...messages(50, 60));
    await eventually(
      () => kafka.committed(topic.name, topic),
      (offset) => offset === 60,
    );
    const [after] = await members(topic.name);
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect(idsOf('applied').sort()).toEqual(keys(60));
  });

  it('stalls, because another member holds up the group, is rebuilt until it can go on', async () => {
    const topic = await created();
    await kafka.send(topic, ...messages(0, 20));
    const member = await HeldUpGroup.hold(settings().brokers.join(), { groupId: topic.name, topic: topic.name });
    stops.push(() => member.letGo());
    const { handler, idsOf } = replicating(connection, 'stalled');
    const parts = await start(topic, handler, { group: topic.name, stalledAfterMs: 2_000 });
    await eventually(
      () => parts.consumer.trouble?.reason,
      (reason) => reason === 'nothing happened for 2 s',
    );
    await member.letGo();
    await eventually(
      () => kafka.committed(topic.name, topic),
      (offset) => offset === 20,
    );
    expect(idsOf('applied').sort()).toEqual(keys(20));
  });
});
