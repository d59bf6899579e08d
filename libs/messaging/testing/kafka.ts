import { randomUUID } from 'node:crypto';
import type { Admin, Message, Producer } from 'kafkajs';
import { kafkaClient } from '../src/kafka/kafka-client';
import { createMissingTopics } from '../src/kafka/topics';
import type { Topic } from '../src/topic';
import { eventually, settings } from './harness';

/** The wire by hand: creates topics, sends what no publisher of ours would, tells what is on a topic. */
export class Kafka {
  private constructor(
    private readonly producer: Producer,
    private readonly admin: Admin,
  ) {}

  static async connect(): Promise<Kafka> {
    const client = kafkaClient(settings(), 'test-kafka');
    const kafka = new Kafka(client.producer({ allowAutoTopicCreation: false }), client.admin());
    await Promise.all([kafka.producer.connect(), kafka.admin.connect()]);
    return kafka;
  }

  create(topic: Topic<unknown>): Promise<void> {
    return createMissingTopics(this.admin, [topic]);
  }

  async send(topic: Topic<unknown>, ...messages: Message[]): Promise<void> {
    await this.producer.send({ topic: topic.name, messages });
  }

  /** What a group has committed of a partition; -1 when nothing. */
  async committed(groupId: string, topic: Topic<unknown>, of = 0): Promise<number> {
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic.name] });
    return Number(offsets?.partitions.find(({ partition }) => partition === of)?.offset ?? -1);
  }

  /** How many records of a topic a group has committed, of all partitions together; the topic was empty at first. */
  async committedInAll(groupId: string, topic: Topic<unknown>): Promise<number> {
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic.name] });
    return (offsets?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  /** Moves a group, which must have no member, to an offset of a partition. */
  async moveGroup(groupId: string, topic: Topic<unknown>, offset: number, partition = 0): Promise<void> {
    const partitions = [{ partition, offset: String(offset) }];
    await this.admin.setOffsets({ groupId, topic: topic.name, partitions });
  }

  /** As when its offsets expired. */
  async forgetGroup(groupId: string): Promise<void> {
    await this.admin.deleteGroups([groupId]);
  }

  /** The topic of this name, empty and with another id. */
  async createAnew(topic: Topic<unknown>): Promise<void> {
    await this.admin.deleteTopics({ topics: [topic.name] });
    await eventually(
      () => this.admin.listTopics(),
      (names) => !names.includes(topic.name),
    );
    await this.create(topic);
  }

  async grow(topic: Topic<unknown>, count: number): Promise<void> {
    await this.admin.createPartitions({ topicPartitions: [{ topic: topic.name, count }] });
  }

  async end(topic: Topic<unknown>, of = 0): Promise<number> {
    const offsets = await this.admin.fetchTopicOffsets(topic.name);
    return Number(offsets.find(({ partition }) => partition === of)?.high ?? -1);
  }

  /** A transaction with these messages on partition 0, as a foreign producer writes it: its marker is a record of its own. */
  async transact(topic: Topic<unknown>, how: 'commit' | 'abort', ...messages: Message[]): Promise<void> {
    const client = kafkaClient(settings(), 'test-transactions');
    const producer = client.producer({
      transactionalId: `t-${randomUUID()}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: topic.name, messages: messages.map((each) => ({ ...each, partition: 0 })) });
    await transaction[how]();
    await producer.disconnect();
  }

  /** Deletes the records of partition 0 that stand before this offset, as retention does. */
  async deleteBefore(topic: Topic<unknown>, offset: number): Promise<void> {
    // kafkajs looks for the leader before it knows the topic
    await this.admin.fetchTopicOffsets(topic.name);
    await this.admin.deleteTopicRecords({ topic: topic.name, partitions: [{ partition: 0, offset: String(offset) }] });
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }
}

/** A note's event as an owner of ours sends it. */
export function message(id: string, version: number, text = `v${version}`): Message {
  return {
    key: id,
    value: JSON.stringify({ id, text }),
    headers: {
      ce_type: 'note.changed',
      ce_aggregateversion: String(version),
      ce_previousversion: String(version - 1),
    },
  };
}

export interface ReadRecord {
  partition: number;
  offset: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
}

/** Everything on a topic, from the beginning to its end at the time of the call, in offset order a partition. */
export async function readTopic(name: string): Promise<ReadRecord[]> {
  const kafka = kafkaClient(settings(), 'reader');
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(name);
  await admin.disconnect();
  const open = new Map(
    ends.filter(({ low, high }) => high !== low).map(({ partition, high }) => [partition, Number(high)]),
  );
  const records: ReadRecord[] = [];
  if (open.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [name], fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ partition, message: read }) => {
        const headers = Object.entries(read.headers ?? {}).map(([key, value]) => [key, String(value)]);
        records.push({
          partition,
          offset: Number(read.offset),
          key: read.key && read.key.toString(),
          value: read.value && read.value.toString(),
          headers: Object.fromEntries(headers) as Record<string, string>,
        });
        if (Number(read.offset) + 1 >= (open.get(partition) ?? 0)) open.delete(partition);
        if (open.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The versions of one key, in the order in which they are on the topic. */
export async function versionsOf(topic: Topic<unknown>, key: string): Promise<number[]> {
  const records = await readTopic(topic.name);
  return records.filter((record) => record.key === key).map(({ headers }) => Number(headers.ce_aggregateversion));
}
