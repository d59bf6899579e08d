import type { Connection } from 'mongoose';
import {
  connect,
  consuming,
  type ConsumingOptions,
  type ConsumingParts,
  eventually,
  settings,
} from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { TcpProxy } from '../../testing/tcp-proxy';
import { GroupLag } from '../kafka/group-lag';
import { KafkaProbe } from '../kafka/kafka-probe';
import { KafkaProducer } from '../kafka/kafka-producer';
import { MessagingHealth } from '../messaging-health';
import type { Topic } from '../topic';
import type { EventHandler } from './event-handling';

describe('a consumer that starts', () => {
  let connection: Connection;
  let kafka: Kafka;
  const started: ConsumingParts[] = [];

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  afterEach(async () => {
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

  /** What a service that consumes and does not publish says of itself; the probe asks Kafka. */
  function healthOf({ consumer: kafkaConsumer, metrics }: ConsumingParts): {
    health: MessagingHealth;
    probe: KafkaProbe;
  } {
    const probe = new KafkaProbe(settings(), 'test');
    const publisher = { pendingEvents: 0, lastFailure: undefined } as never;
    const producer = new KafkaProducer(settings(), 'test', []);
    const groupLag = new GroupLag({ read: async () => [] }, metrics.kafka);
    const health = new MessagingHealth({ connection, probe, producer, kafkaConsumer, publisher, metrics, groupLag });
    probe.start();
    return { health, probe };
  }

  const messages = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => message(`n${from + index}`, 1));

  it('is there before Kafka is, joins when it comes, and can be stopped at any time', async () => {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    await kafka.send(topic, ...messages(0, 1));
    const proxy = await TcpProxy.to(`kafka://${settings().brokers[0]}`);
    proxy.refuse();
    const brokers = [new URL(proxy.uri).host];
    const { handler, outcomes } = replicating(connection, 'early');
    const early = await start(topic, handler, { kafka: { ...settings(), brokers } });
    const unlucky = await start(topic, handler, { kafka: { ...settings(), brokers } });
    await eventually(
      () => unlucky.consumer.trouble?.reason,
      (reason) => reason !== 'starting',
    );
    const begin = performance.now();
    await unlucky.stop();
    expect(performance.now() - begin).toBeLessThan(6_000);
    proxy.allow();
    await eventually(
      () => outcomes.length,
      (count) => count === 1,
    );
    await eventually(
      () => early.consumer.trouble,
      (trouble) => trouble === undefined,
    );
    await early.stop();
    await proxy.close();
  });

  it('waits for a topic that its owner has not created, without being taken for broken', async () => {
    const topic = noteTopic('state', 1);
    const { handler, outcomes } = replicating(connection, 'waiting');
    const parts = await start(topic, handler);
    const { consumer } = parts;
    const { health, probe } = healthOf(parts);
    await eventually(
      () => consumer.missingTopics,
      (missing) => missing.length === 1,
    );
    await eventually(
      () => health.kafka().status,
      (status) => status === 'UP',
    );
    expect(health.consumer()).toEqual({
      status: 'DOWN',
      details: { reason: `waiting for ${topic.name} to be created` },
    });
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
    expect(health.needsRestart()).toBe(false);
    jest.restoreAllMocks();
    await kafka.create(topic);
    await kafka.send(topic, ...messages(0, 1));
    await eventually(
      () => outcomes.length,
      (count) => count === 1,
    );
    await eventually(
      () => health.consumer().status,
      (status) => status === 'UP',
    );
    await probe.stop();
  });

  it('asks for a new process when it cannot join for two minutes although Kafka answers', async () => {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    const proxy = await TcpProxy.to(`kafka://${settings().brokers[0]}`);
    proxy.refuse();
    const { handler } = replicating(connection, 'unreachable');
    const brokers = [new URL(proxy.uri).host];
    const parts = await start(topic, handler, { kafka: { ...settings(), brokers } });
    const { consumer } = parts;
    const { health, probe } = healthOf(parts);
    await eventually(
      () => [health.kafka().status, consumer.trouble?.reason !== 'starting'],
      ([kafkaStatus, tried]) => kafkaStatus === 'UP' && tried === true,
    );
    expect([health.consumer().status, (await health.store()).status, health.outbox().status]).toEqual([
      'DOWN',
      'UP',
      'UP',
    ]);
    const later = (ms: number) => {
      const now = performance.now() + ms;
      const clock = jest.spyOn(performance, 'now').mockReturnValue(now);
      const verdict = health.needsRestart();
      clock.mockRestore();
      return verdict;
    };
    expect([later(60_000), later(600_000)]).toEqual([false, true]);
    proxy.allow();
    await eventually(
      () => consumer.trouble,
      (trouble) => trouble === undefined,
    );
    expect(later(600_000)).toBe(false);
    await probe.stop();
    await consumer.close();
    await proxy.close();
  });

  it('does not start without a handler for each of its topics', async () => {
    const { consumer } = await start(noteTopic(), async () => []);
    consumer.getHandlers().clear();
    const told: unknown[] = [];
    await consumer.listen((error) => told.push(error));
    expect(told).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^no handler for test/) as string }),
    ]);
  });
});
