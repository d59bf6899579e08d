import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { eventually } from './eventually';

export interface TopicRecord {
  partition: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
}

/** Reads a topic from its beginning for as long as a test runs. Others write to it too: ask by key. */
export class TopicTail {
  private readonly records: TopicRecord[] = [];

  private constructor(private readonly disconnect: () => Promise<void>) {}

  static async open(topic: string): Promise<TopicTail> {
    const kafka = new Kafka({ brokers: (process.env.KAFKA_BROKERS ?? '').split(','), logLevel: logLevel.NOTHING });
    await exists(kafka, topic);
    const consumer = kafka.consumer({ groupId: `tail-${randomUUID()}`, maxWaitTimeInMs: 100 });
    const tail = new TopicTail(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message: { key, value, headers } }) => {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        tail.records.push({
          partition,
          key: key && key.toString(),
          value: value && value.toString(),
          headers: Object.fromEntries(texts) as Record<string, string>,
        });
      },
    });
    return tail;
  }

  /** Waits until this key has so many versions, and returns the first appearance of each, in the order of the topic. */
  versionsOf(key: string, count: number): Promise<TopicRecord[]> {
    return eventually(
      () => this.firsts(key),
      (records) => records.length >= count,
    );
  }

  close(): Promise<void> {
    return this.disconnect();
  }

  private firsts(key: string): TopicRecord[] {
    const versions = new Set<string | undefined>();
    return this.records.filter((record) => {
      const version = record.headers.ce_aggregateversion;
      if (record.key !== key || versions.has(version)) return false;
      return versions.add(version);
    });
  }
}

/** The owner of the topic creates it while it starts. */
async function exists(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await eventually(
    () => admin.listTopics(),
    (topics) => topics.includes(topic),
  );
  await admin.disconnect();
}
