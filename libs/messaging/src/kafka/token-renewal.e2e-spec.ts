import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { AclResourceTypes } from 'kafkajs';
import type { Connection } from 'mongoose';
import { type SecuredKafka, startSecuredKafka } from '../../../../embedded/testing/secured-kafka';
import { connect, consuming, eventually } from '../../testing/harness';
import { noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { Administrator, login, tokenEndpoint, type TokenEndpoint } from '../../testing/secured';
import { KafkaProducer } from './kafka-producer';

/** The broker ends a session when its token ends; kafkajs renews it 10 s before. */
const LIFETIME_SECONDS = 14;
const LIFETIMES = 3;

describe('tokens that end soon', () => {
  Logger.overrideLogger(false);
  let kafka: SecuredKafka;
  let tokens: TokenEndpoint;
  let administrator: Administrator;
  let connection: Connection;

  beforeAll(async () => {
    const enforced = { 'listener.name.extra1.oauthbearer.connections.max.reauth.ms': `${LIFETIME_SECONDS}000` };
    kafka = await startSecuredKafka(enforced);
    tokens = await tokenEndpoint('5ecret', LIFETIME_SECONDS);
    [administrator, connection] = await Promise.all([Administrator.of(kafka), connect()]);
  });

  afterAll(async () => {
    tokens.close();
    await administrator.close();
    await kafka.stop();
    await connection.close();
  });

  it(`are renewed in time: nothing stops over ${LIFETIMES} of them, also while none can be had for a moment`, async () => {
    const topic = noteTopic('state', 1);
    const group = `group-${topic.name}`;
    const settings = login(kafka, {
      mechanism: 'OAUTHBEARER',
      tokenEndpointUrl: tokens.url,
      clientId: 'notes',
      clientSecret: '5ecret',
    });
    await administrator.create(topic.name);
    for (const operation of ['READ', 'WRITE'] as const) {
      await administrator.allow('notes', operation, [AclResourceTypes.TOPIC, topic.name]);
    }
    await administrator.allow('notes', 'READ', [AclResourceTypes.GROUP, group]);
    const { handler, outcomes } = replicating(connection, 'notes');
    const { consumer, stop } = await consuming(topic, connection, handler, { kafka: settings, group });
    const producer = new KafkaProducer(settings, 'notes', [topic]);
    producer.start();
    await eventually(
      () => [producer.partitionFor(topic.name, 'a'), consumer.trouble],
      ([partition, trouble]) => partition !== undefined && trouble === undefined,
    );
    const troubles = new Set<string>();
    const until = performance.now() + LIFETIMES * LIFETIME_SECONDS * 1_000;
    let sent = 0;
    while (performance.now() < until) {
      tokens.refusing = sent % 100 === 50;
      const value = JSON.stringify({ id: `n${sent}`, text: 'x' });
      await producer.send(new Map([[topic.name, [{ key: `n${sent++}`, value, partition: 0 }]]]));
      if (consumer.trouble) troubles.add(consumer.trouble.reason);
      await sleep(50);
    }
    tokens.refusing = false;
    await eventually(
      () => outcomes.length,
      (count) => count === sent,
    );
    expect([...troubles]).toEqual([]);
    expect(outcomes.map(({ id }) => id)).toEqual(Array.from({ length: sent }, (_, index) => `n${index}`));
    expect(tokens.given()).toBeGreaterThan(LIFETIMES);
    await Promise.all([stop(), producer.stop()]);
  }, 120_000);
});
