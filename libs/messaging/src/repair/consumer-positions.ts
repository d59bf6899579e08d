import type { Admin } from 'kafkajs';
import { clusterOf, Isolation } from '../kafka/cluster';
import { partitionKey } from '../topic';
import { kafkaClient } from '../kafka/kafka-client';
import type { KafkaSettings } from '../kafka/kafka-settings';

export interface ConsumerPosition {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is applied or parked. */
  readonly committed: number;
  /** The next record that can be read will be there: the last stable offset. */
  readonly end: number;
  /** The next record will be written there; above `end` while a transaction is open, which holds back what is behind its beginning. */
  readonly highWatermark: number;
}

type ReadablePosition = Omit<ConsumerPosition, 'highWatermark'>;

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
    const readable = await this.readable();
    // in this order: a high watermark is never below what could be read before
    const written = await this.highWatermarks(readable);
    return readable.map((at) => ({ ...at, highWatermark: Math.max(at.end, written.get(partitionKey(at)) ?? at.end) }));
  }

  private async readable(): Promise<ReadablePosition[]> {
    const admin = kafkaClient(this.settings, this.clientId, { retries: 1 }).admin();
    try {
      await admin.connect();
      const committed = await admin.fetchOffsets({ groupId: this.groupId, topics: [...this.topics] });
      const positions = committed.map(({ topic, partitions }) => positionsOf(admin, topic, partitions));
      return (await Promise.all(positions)).flat();
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  /** kafkajs' admin asks for what can be read only. */
  private async highWatermarks(readable: readonly ReadablePosition[]): Promise<Map<string, number>> {
    const cluster = clusterOf(this.settings, this.clientId, Isolation.readUncommitted);
    const partitionsOf = (topic: string) =>
      readable.filter((at) => at.topic === topic).map(({ partition }) => ({ partition }));
    try {
      await cluster.connect();
      for (const topic of this.topics) await cluster.addTargetTopic(topic);
      const found = await cluster.fetchTopicsOffset(
        this.topics.map((topic) => ({ topic, partitions: partitionsOf(topic), fromBeginning: false })),
      );
      const entries = found.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }): [string, number] => [
          partitionKey({ topic, partition }),
          Number(offset),
        ]),
      );
      return new Map(entries);
    } finally {
      await cluster.disconnect().catch(() => undefined);
    }
  }

  private get clientId(): string {
    return `${this.groupId}-positions`;
  }
}

async function positionsOf(
  admin: Admin,
  topic: string,
  committed: readonly { partition: number; offset: string }[],
): Promise<ReadablePosition[]> {
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, Number(offset)]));
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, high, low }) => {
    const offset = offsets.get(partition) ?? -1;
    // a group that has never committed begins where the partition begins
    return { topic, partition, committed: offset < 0 ? Number(low) : offset, end: Number(high) };
  });
}
