import type { Admin } from 'kafkajs';
import { kafkaClient } from '../kafka/kafka-client';
import type { KafkaSettings } from '../kafka/kafka-settings';

export interface ConsumerPosition {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is applied or parked. */
  readonly committed: number;
  /** The next record will be there. */
  readonly end: number;
}

/** How far a service's consumer group has come, as the cluster knows it: right also while the consumer is down. */
export class ConsumerPositions {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly groupId: string,
    private readonly topics: readonly string[],
  ) {}

  /** Throws when Kafka does not answer. */
  async read(): Promise<ConsumerPosition[]> {
    if (this.topics.length === 0) return [];
    const admin = kafkaClient(this.settings, `${this.groupId}-positions`, { retries: 1 }).admin();
    try {
      await admin.connect();
      const committed = await admin.fetchOffsets({ groupId: this.groupId, topics: [...this.topics] });
      const positions = committed.map(({ topic, partitions }) => positionsOf(admin, topic, partitions));
      return (await Promise.all(positions)).flat();
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

async function positionsOf(
  admin: Admin,
  topic: string,
  committed: readonly { partition: number; offset: string }[],
): Promise<ConsumerPosition[]> {
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, Number(offset)]));
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, high, low }) => {
    const offset = offsets.get(partition) ?? -1;
    // a group that has never committed begins where the partition begins
    return { topic, partition, committed: offset < 0 ? Number(low) : offset, end: Number(high) };
  });
}
