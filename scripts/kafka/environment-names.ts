import { z } from 'zod';
import { groupOf } from '../../libs/messaging/src/kafka/cluster-names';
import { kafkaEnvironment } from '../../libs/messaging/src/kafka/kafka-environment';
import { readEnvironment } from '../../libs/service/src/environment';

/** The variables below, as a command's usage tells of them. */
export const namesEnvironment = {
  'KAFKA_TOPIC_PREFIX, KAFKA_CONSUMER_GROUP_PREFIX':
    'as the services of this environment have them; nothing by default',
} as const;

const { KAFKA_TOPIC_PREFIX, KAFKA_CONSUMER_GROUP_PREFIX } = kafkaEnvironment;
const Names = z.object({ KAFKA_TOPIC_PREFIX, KAFKA_CONSUMER_GROUP_PREFIX });

/** What the names of topics and groups begin with in the environment that a command is about. Ends the process where a prefix is none. */
export function environmentNames(): { readonly topicPrefix: string; readonly groupPrefix: string } {
  const names = readEnvironment(Names);
  return { topicPrefix: names.KAFKA_TOPIC_PREFIX, groupPrefix: names.KAFKA_CONSUMER_GROUP_PREFIX };
}

/** The consumer group of a service in this environment. */
export function environmentGroup(service: string): string {
  return groupOf(service, environmentNames());
}
