import { Logger } from '@nestjs/common';
import { AclResourceTypes } from 'kafkajs';
import type { Connection } from 'mongoose';
import { type SecuredKafka, startSecuredKafka } from '../../../../embedded/testing/secured-kafka';
import { connect, consuming, type ConsumingParts, eventually } from '../../testing/harness';
import { noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { Administrator, scram } from '../../testing/secured';
import { MessagingHealth } from '../messaging-health';
import type { Topic } from '../topic';
import { KafkaProbe } from './kafka-probe';
import { KafkaProducer } from './kafka-producer';
import { PartitionProgress } from './partition-progress';
import type { KafkaSettings } from './kafka-settings';

const user = { name: 'notes-service', password: 'notes-5ecret' };

describe('a service that may not do what it must', () => {
  Logger.overrideLogger(false);
  let kafka: SecuredKafka;
  let administrator: Administrator;
  let connection: Connection;
  let settings: KafkaSettings;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    kafka = await startSecuredKafka({}, { kafkaUsers: [{ name: 'admin', password: 'admin-5ecret' }, user] });
    [administrator, connection] = await Promise.all([Administrator.of(kafka), connect()]);
    settings = scram(kafka, user);
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  afterAll(async () => {
    await administrator.close();
    await kafka.stop();
    await connection.close();
  });

  function healthOf(producer: KafkaProducer, parts?: ConsumingParts): MessagingHealth {
    const probe = new KafkaProbe(settings, 'notes');
    probe.start();
    stops.push(() => probe.stop());
    const groupLag = { progress: new PartitionProgress() };
    const rest = { kafkaConsumer: parts?.consumer, metrics: parts?.metrics, publisher: {}, groupLag } as never;
    return new MessagingHealth({ connection, probe, producer, ...(rest as object) } as never);
  }

  const reasonOf = (component: { details: Readonly<Record<string, unknown>> }) => String(component.details.reason);

  async function publishing(topic: Topic<unknown>): Promise<{ health: MessagingHealth; producer: KafkaProducer }> {
    const producer = new KafkaProducer(settings, 'notes', [topic]);
    producer.start();
    stops.push(() => producer.stop());
    return { health: healthOf(producer), producer };
  }

  async function reason(ask: () => { details: Readonly<Record<string, unknown>> }, expected: string): Promise<void> {
    await eventually(
      () => reasonOf(ask()),
      (text) => text.includes(expected),
    );
  }

  /** A right takes a moment to reach the broker. */
  async function allowed(send: () => Promise<void>): Promise<void> {
    const sent = () =>
      send().then(
        () => true,
        () => false,
      );
    await eventually(sent, (isSent) => isSent);
  }

  it('names the topic that it may not create, and goes on as soon as it may', async () => {
    const topic = noteTopic('state', 1);
    const { health, producer } = await publishing(topic);
    await reason(() => health.kafka(), `User:${user.name} has no right to Create on Topic ${topic.name}`);
    expect(health.kafka().status).toBe('DOWN');
    await administrator.allow(user.name, 'CREATE', [AclResourceTypes.TOPIC, topic.name]);
    await administrator.allow(user.name, 'WRITE', [AclResourceTypes.TOPIC, topic.name]);
    await eventually(
      () => health.kafka(),
      ({ status }) => status === 'UP',
    );
    await allowed(() => producer.send(new Map([[topic.name, [{ key: 'a', value: '{}', partition: 0 }]]])));
  });

  it('names the topic that it may not write to, until it may', async () => {
    const topic = noteTopic('state', 1);
    await administrator.create(topic.name);
    await administrator.allow(user.name, 'DESCRIBE', [AclResourceTypes.TOPIC, topic.name]);
    const { health, producer } = await publishing(topic);
    await eventually(
      () => producer.partitionFor(topic.name, 'a'),
      (partition) => partition !== undefined,
    );
    const send = () => producer.send(new Map([[topic.name, [{ key: 'a', value: '{}', partition: 0 }]]]));
    const expected = `User:${user.name} has no right to Write on Topic ${topic.name}`;
    await expect(send()).rejects.toThrow(expected);
    await reason(() => health.kafka(), expected);
    await administrator.allow(user.name, 'WRITE', [AclResourceTypes.TOPIC, topic.name]);
    await allowed(send);
    expect(health.kafka().status).toBe('UP');
  });

  it('names what it may not read, one right after the other, without asking for a restart, and consumes when it may', async () => {
    const topic = noteTopic('state', 1);
    const group = `group-${topic.name}`;
    await administrator.create(topic.name);
    const { handler, outcomes } = replicating(connection, 'notes');
    const parts = await consuming(topic, connection, handler, { kafka: settings, group });
    stops.push(() => parts.stop());
    const producer = new KafkaProducer(settings, 'notes', []);
    const health = healthOf(producer, parts);
    await reason(() => health.consumer(), `User:${user.name} has no right to Describe on Topic ${topic.name}`);
    await administrator.allow(user.name, 'DESCRIBE', [AclResourceTypes.TOPIC, topic.name]);
    await reason(() => health.consumer(), `User:${user.name} has no right to Read on Group ${group}`);
    expect(health.consumer().status).toBe('DOWN');
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
    expect(health.needsRestart()).toBe(false);
    jest.restoreAllMocks();
    await administrator.allow(user.name, 'READ', [AclResourceTypes.GROUP, group]);
    await reason(() => health.consumer(), `User:${user.name} has no right to Read on Topic ${topic.name}`);
    await administrator.allow(user.name, 'WRITE', [AclResourceTypes.TOPIC, topic.name]);
    await administrator.allow(user.name, 'READ', [AclResourceTypes.TOPIC, topic.name]);
    const { producer: writer } = await publishing(topic);
    await eventually(
      () => writer.partitionFor(topic.name, 'a'),
      (partition) => partition !== undefined,
    );
    const message = { key: 'a', value: '{"id":"a","text":"x"}', partition: 0 };
    await allowed(() => writer.send(new Map([[topic.name, [message]]])));
    await eventually(
      () => outcomes.length,
      (count) => count > 0,
    );
    await eventually(
      () => health.consumer().status,
      (status) => status === 'UP',
    );
  });
});
