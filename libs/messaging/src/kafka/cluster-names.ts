import type { KafkaSettings } from './kafka-settings';

type Prefixes = Pick<KafkaSettings, 'topicPrefix' | 'groupPrefix'>;

/**
 * The topic under the name that it has on the cluster: the environment's prefix and the contract's name. Everything that
 * leaves the program (records, outbox entries, lanes, metrics, logs, operators' URLs) has this name.
 */
export function onCluster<T extends { readonly name: string }>(topic: T, { topicPrefix = '' }: Prefixes): T {
  return topicPrefix === '' ? topic : { ...topic, name: `${topicPrefix}${topic.name}` };
}

/** The name that the contract gives to a topic of this environment: handlers are registered under it. */
export function contractName(name: string, { topicPrefix = '' }: Prefixes): string {
  return name.startsWith(topicPrefix) ? name.slice(topicPrefix.length) : name;
}

/** The consumer group of a service: the environment's prefix and the service's name. */
export function groupOf(service: string, { groupPrefix = '' }: Prefixes): string {
  return `${groupPrefix}${service}`;
}
