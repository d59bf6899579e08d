import { ConfigResourceTypes } from 'kafkajs';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

const KNOWN_FOR_MS = 5 * 60_000;

/** For how long a topic keeps its records. */
export interface Retention {
  /** undefined: for ever, or it could not be asked. */
  readonly ms?: number;
  /** Records may go earlier, because the topic is bounded in bytes too. */
  readonly hasByteLimit: boolean;
  /** Why the cluster did not say. */
  readonly unknown?: string;
}

/** Asks the cluster for the retention of topics; an answer holds for 5 minutes. Never throws: what is unknown says so. */
export class TopicRetention {
  private readonly known = new Map<string, { retention: Retention; at: number }>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly clientId: string,
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
      return topics.map((topic) => [topic, { hasByteLimit: false, unknown: why }]);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
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
