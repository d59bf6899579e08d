import { ConfigResourceTypes } from 'kafkajs';
import type { Topic } from '../topic';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

const KNOWN_FOR_MS = 5 * 60_000;

/** For how long a topic keeps its records. */
export interface Retention {
  /** undefined: for ever. */
  readonly ms?: number;
  /** Records may go earlier, because the topic is bounded in bytes too. */
  readonly hasByteLimit: boolean;
  /** Why the cluster did not say: then the rest is what the topic's contract has. */
  readonly unknown?: string;
}

/** Asks the cluster for the retention of topics; an answer holds for 5 minutes. Where the service may not ask (DescribeConfigs), the topic's contract counts. Never throws. */
export class TopicRetention {
  private readonly known = new Map<string, { retention: Retention; at: number }>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly clientId: string,
    private readonly contracts: ReadonlyMap<string, Pick<Topic<unknown>, 'configEntries'>> = new Map(),
  ) {}

  async of(topics: readonly string[]): Promise<ReadonlyMap<string, Retention>> {
    const now = performance.now();
    const unknown = topics.filter((topic) => (this.known.get(topic)?.at ?? -Infinity) < now - KNOWN_FOR_MS);
    if (unknown.length > 0) {
      for (const [topic, retention] of await this.ask(unknown)) this.known.set(topic, { retention, at: now });
    }
    return new Map(topics.map((topic) => [topic, this.known.get(topic)?.retention ?? { hasByteLimit: false }]));
  }

  private async ask(topics: readonly string[]): Promise<[string, Retention][]> {
    const admin = kafkaClient(this.settings, this.clientId, { retries: 1 }).admin();
    try {
      await admin.connect();
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({
          type: ConfigResourceTypes.TOPIC,
          name,
          configNames: ['retention.ms', 'retention.bytes', 'cleanup.policy'],
        })),
      });
      return resources.map(({ resourceName, configEntries }) => [resourceName, retentionFrom(configEntries)]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return topics.map((topic) => [topic, { ...this.byContract(topic), unknown: why }]);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private byContract(topic: string): Retention {
    const entries = Object.entries(this.contracts.get(topic)?.configEntries ?? {});
    return retentionFrom(entries.map(([configName, configValue]) => ({ configName, configValue })));
  }
}

/** A topic that only compacts deletes nothing by time. */
export function retentionFrom(entries: readonly { configName: string; configValue: string }[]): Retention {
  const values = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  const deletes = (values.get('cleanup.policy') ?? 'delete').includes('delete');
  const ms = Number(values.get('retention.ms') ?? -1);
  const bytes = Number(values.get('retention.bytes') ?? -1);
  return { ...(deletes && ms >= 0 && { ms }), hasByteLimit: deletes && bytes >= 0 };
}
