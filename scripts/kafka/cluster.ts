import { Logger } from '@nestjs/common';
import { type Admin, ConfigResourceTypes, type KafkaConfig } from 'kafkajs';
import { z } from 'zod';
import { checkKafkaEnvironment, kafkaSettings } from '../../libs/messaging/src/kafka/environment-settings';
import { type Attempt, explained } from '../../libs/messaging/src/kafka/access';
import { connectionConfig, kafkaClient } from '../../libs/messaging/src/kafka/kafka-client';
import { kafkaEnvironment } from '../../libs/messaging/src/kafka/kafka-environment';
import type { KafkaSettings } from '../../libs/messaging/src/kafka/kafka-settings';
import { readEnvironment } from '../../libs/service/src/environment';

/** The same variables as a service's. */
export function clusterSettings(brokers?: string): KafkaSettings {
  const Environment = z.object(kafkaEnvironment).superRefine(checkKafkaEnvironment);
  return kafkaSettings(readEnvironment(Environment, { ...process.env, ...(brokers && { KAFKA_BROKERS: brokers }) }));
}

/** The same, for a client of somebody else's. */
export function clusterConfig(brokers: string): Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'> {
  return connectionConfig(clusterSettings(brokers));
}

/** Runs with a connection of the administrator's; who may not do what is named in the error. */
export async function withAdmin<T>(
  settings: KafkaSettings,
  run: (admin: Admin) => Promise<T>,
  attempt: Attempt = {},
): Promise<T> {
  // what kafkajs tells while it tries again; what counts is thrown
  Logger.overrideLogger(false);
  const client = kafkaClient(settings, 'storefront-operations', { retries: 2 });
  const admin = client.admin();
  try {
    await admin.connect();
    return await run(admin);
  } catch (error) {
    const known = explained(error, settings, client, attempt);
    if (!known.name.startsWith('KafkaJSConnection')) throw known;
    throw new Error(`Kafka cannot be reached at ${settings.brokers.join(',')}: ${known.message}`, { cause: error });
  } finally {
    await admin.disconnect();
  }
}

/** What Strimzi gives to every broker that it makes. */
const strimziLog = /\/var\/lib\/kafka\/data(-\d+)?\/kafka-log\d+$/;
const strimziListener = 'REPLICATION-9091';
const strimziHost = /-kafka-brokers\./;

/** Strimzi's User Operator deletes the users and ACLs it did not make itself. */
export async function isManagedByStrimzi(admin: Admin): Promise<boolean> {
  const { brokers } = await admin.describeCluster();
  if (brokers.some(({ host }) => strimziHost.test(host))) return true;
  const [broker] = brokers;
  if (!broker) return false;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      {
        type: ConfigResourceTypes.BROKER,
        name: String(broker.nodeId),
        configNames: ['inter.broker.listener.name', 'log.dirs'],
      },
    ],
  });
  const values = resources.flatMap(({ configEntries }) => configEntries.map(({ configValue }) => configValue));
  return values.some((value) => value === strimziListener || strimziLog.test(value ?? ''));
}
