import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { admin, type SecuredKafka, startSecuredKafka } from '../../../../embedded/testing/secured-kafka';
import { ScramUsers } from '../../../../scripts/kafka/scram-users';
import { eventually } from '../../testing/harness';
import { scram } from '../../testing/secured';
import { kafkaSettings } from './environment-settings';
import { kafkaClient } from './kafka-client';
import { kafkaEnvironment } from './kafka-environment';

describe('a password of Kafka that is rotated', () => {
  Logger.overrideLogger(false);
  let kafka: SecuredKafka;
  let users: ScramUsers;

  beforeAll(async () => {
    kafka = await startSecuredKafka();
    users = new ScramUsers(scram(kafka, admin), 'SCRAM-SHA-512');
  });
  afterAll(() => kafka.stop());

  it('is used by each new connection of a client that is there, which was refused until the environment had it', async () => {
    await users.set(new Map([['orders', 'first-5ecret']]));
    const environment = z.object(kafkaEnvironment).parse({
      KAFKA_BROKERS: kafka.sasl,
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'orders',
      KAFKA_SASL_PASSWORD: 'first-5ecret',
    });
    const client = kafkaClient(kafkaSettings(environment), 'rotated', { retries: 0 });
    const comesIn = async () => {
      const connection = client.admin();
      try {
        await connection.connect();
        return 'in';
      } catch (error) {
        return String(error);
      } finally {
        await connection.disconnect();
      }
    };
    expect(await comesIn()).toBe('in');
    await users.set(new Map([['orders', 'second-5ecret']]));
    await eventually(comesIn, (answer) => /invalid credentials/.test(answer));
    // as an environment does whose password comes from a file
    environment.KAFKA_SASL_PASSWORD = 'second-5ecret';
    await eventually(comesIn, (answer) => answer === 'in');
  });
});
