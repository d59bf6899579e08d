import { allTopics } from '@storefront/contracts';
import { type Admin, ConfigResourceTypes } from 'kafkajs';
import { onCluster } from '../../libs/messaging/src/kafka/cluster-names';

export interface Wanted {
  readonly name: string;
  readonly partitions: number;
  readonly configEntries: Readonly<Record<string, string>>;
}

/** The topics of all services, with the names that they have in an environment. */
export function topicsOf(names: { readonly topicPrefix: string }): readonly Wanted[] {
  return allTopics.map((topic) => onCluster<Wanted>(topic, names));
}

export interface TopicPlan {
  readonly missing: readonly Wanted[];
  readonly present: readonly { readonly topic: Wanted; readonly differences: readonly string[] }[];
}

export async function planTopics(admin: Admin, topics: readonly Wanted[]): Promise<TopicPlan> {
  const existing = new Set(await admin.listTopics());
  const present = topics.filter(({ name }) => existing.has(name));
  const described = await Promise.all(
    present.map(async (topic) => ({ topic, differences: await differencesOf(admin, topic) })),
  );
  return { missing: topics.filter(({ name }) => !existing.has(name)), present: described };
}

export async function createTopics(admin: Admin, missing: readonly Wanted[], replicationFactor: number): Promise<void> {
  if (missing.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map(({ name, partitions, configEntries }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(configEntries).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

async function differencesOf(admin: Admin, { name, partitions, configEntries }: Wanted): Promise<string[]> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [name] });
  const count = found[0]?.partitions.length ?? 0;
  const configNames = Object.keys(configEntries);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames }],
  });
  const values = new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  const configs = Object.entries(configEntries).filter(([key, value]) => values.get(key) !== value);
  return [
    ...(count === partitions ? [] : [`${count} partitions instead of ${partitions}`]),
    ...configs.map(([key, value]) => `${key} ${values.get(key)} instead of ${value}`),
  ];
}
