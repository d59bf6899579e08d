import type { IHeaders, Message } from 'kafkajs';

export interface TopicRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

export function header(record: TopicRecord, name: string): string | undefined {
  const value = record.headers[name];
  return value === undefined ? undefined : String(value);
}

export function versionOf(record: TopicRecord): number {
  return Number(header(record, 'ce_aggregateversion'));
}

/** The same record once more. */
export function again({ partition, key, value, headers }: TopicRecord): Message {
  return { partition, key, value, headers };
}

/** The records of every key, in the order of the topic, without what was sent a second time. */
export function firstAppearances(records: readonly TopicRecord[]): Map<string, TopicRecord[]> {
  const byKey = Map.groupBy(records, ({ key }) => String(key));
  for (const [key, all] of byKey) {
    const seen = new Set<number>();
    byKey.set(
      key,
      all.filter((record) => !seen.has(versionOf(record)) && seen.add(versionOf(record))),
    );
  }
  return byKey;
}
