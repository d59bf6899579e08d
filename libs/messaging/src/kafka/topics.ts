import { Logger } from '@nestjs/common';
import { type Admin, KafkaJSProtocolError } from 'kafkajs';
import type { Topic } from '../topic';

const logger = new Logger('KafkaTopics');
const BROKER_DEFAULT = -1;
/** To a request that creates a topic. */
const THERE: ReadonlySet<string> = new Set(['TOPIC_ALREADY_EXISTS', 'UNKNOWN_TOPIC_OR_PARTITION']);

/** What a broker says of a topic that was created, by us or by another service, and of which it has not heard yet. */
const YOUNG: ReadonlySet<unknown> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/** The cluster answers, and the topic it was asked for will be there in a moment. */
export function isBeingCreated(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('type' in error && YOUNG.has(error.type)) || isBeingCreated(error.cause);
}

/** Creates the topics that are missing; an existing one is left as it is, whatever its settings. */
export async function createMissingTopics(admin: Admin, topics: readonly Topic<unknown>[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return;
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, configEntries }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: BROKER_DEFAULT,
        configEntries: Object.entries(configEntries).map(([key, value]) => ({ name: key, value })),
      })),
    });
    logger.log(`created ${missing.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    if (isThere(error)) return;
    throw new Error(`${missing.map(({ name }) => name).join(', ')} is missing and cannot be created`, { cause: error });
  }
}

/** Another instance was faster, or it is created and the broker that was asked has not heard of it yet. */
function isThere(error: unknown): boolean {
  const errors = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [error];
  return errors.every((each) => each instanceof KafkaJSProtocolError && THERE.has(each.type));
}
