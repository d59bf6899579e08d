import { type Admin, ConfigResourceTypes, type IHeaders, Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerWire } from './broker-wire';
import { type ReadRecord, recordsIn } from './record-batch';
import type { TopicRecord } from './topic-records';

export interface Position {
  topic: string;
  partition: number;
  offset: string;
}

/** The topics as somebody else sees them: reads whole topics, writes whatever it is told to, moves groups about. */
export class Topics {
  private readonly kafka: Kafka;
  private producer: Producer | undefined;

  constructor(private readonly broker: string) {
    const retry = { retries: 30, initialRetryTime: 50, maxRetryTime: 500 };
    this.kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, connectionTimeout: 1_000, retry });
  }

  /**
   * Everything that is on a topic now, in offset order a partition. Batches that somebody compressed are left out: the
   * services write none, and those of an attacker are no reading for a test.
   */
  async read(topic: string): Promise<TopicRecord[]> {
    const ends = await this.admin((admin) => admin.fetchTopicOffsets(topic));
    return BrokerWire.use(this.broker, async (wire) => {
      const records: TopicRecord[] = [];
      for (const { partition, low, high } of ends.toSorted((a, b) => a.partition - b.partition)) {
        for (let offset = Number(low); offset < Number(high);) {
          const { records: read, next } = recordsIn(await wire.fetch(topic, partition, offset));
          if (next === undefined) throw new Error(`${topic}[${partition}] tells nothing at ${offset}`);
          const from = offset;
          const asked = read.filter((record) => record.offset >= from && record.offset < Number(high));
          records.push(...asked.map((record) => topicRecord(topic, partition, record)));
          offset = next;
        }
      }
      return records;
    });
  }

  /** One batch, byte by byte as it is given. Returns the offset of its first record. */
  sendBatch(topic: string, partition: number, batch: Buffer): Promise<number> {
    return BrokerWire.use(this.broker, (wire) => wire.produce(topic, partition, batch));
  }

  /** Hands over what is on the topics, and what comes, record by record and a partition's in order, until the returned function is called. */
  async follow(topics: readonly string[], take: (record: TopicRecord) => Promise<void>): Promise<() => Promise<void>> {
    const consumer = this.kafka.consumer({ groupId: `follower-${randomUUID()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ topic, partition, message: { offset, timestamp, key, value, headers = {} } }) =>
        take({ topic, partition, offset: Number(offset), timestamp, key, value, headers }),
    });
    return () => consumer.disconnect();
  }

  /** One produce request: the messages of a partition are one batch, in this order. Returns the offset of the first of them. */
  async send(topic: string, messages: Message[]): Promise<number> {
    if (!this.producer) {
      this.producer = this.kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner:
          () =>
          ({ message }) =>
            message.partition ?? 0,
      });
      await this.producer.connect();
    }
    const [first] = await this.producer.send({ topic, messages, acks: -1 });
    return Number(first?.baseOffset);
  }

  /** Records not yet taken by a group, one line a partition. */
  async lag(groupId: string, topics: readonly string[]): Promise<string[]> {
    return this.admin(async (admin) => {
      const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
      const lines = committed.map(async ({ topic, partitions }) => {
        const ends = await admin.fetchTopicOffsets(topic);
        return partitions.flatMap(({ partition, offset }) => {
          const behind =
            Number(ends.find((end) => end.partition === partition)?.high ?? 0) - Math.max(Number(offset), 0);
          return behind > 0 ? [`${groupId}: ${topic}[${partition}] is ${behind} behind`] : [];
        });
      });
      return (await Promise.all(lines)).flat();
    });
  }

  /** Where a group goes on, of every partition of a topic; 0 where it has committed nothing. */
  async committed(groupId: string, topic: string): Promise<Position[]> {
    const [of] = await this.admin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    return (of?.partitions ?? []).map(({ partition, offset }) => ({
      topic,
      partition,
      offset: String(Math.max(0, Number(offset))),
    }));
  }

  /** Where the partitions of the topics end now. */
  async ends(topics: readonly string[]): Promise<Position[]> {
    return this.admin(async (admin) => {
      const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
      return ends.flatMap((of, index) =>
        of.map(({ partition, high }) => ({ topic: topics[index] ?? '', partition, offset: high })),
      );
    });
  }

  /** All that the topic says of itself; what is left out is the broker's default again. */
  async configure(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await this.admin((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  /** The group goes on from there; it must have no members. (kafkajs' own `setOffsets` takes 5 s a topic.) */
  async moveGroup(groupId: string, to: Position[]): Promise<void> {
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 50, sessionTimeout: 6_000 });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(to.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await joined;
    await consumer.commitOffsets(to);
    await consumer.disconnect();
  }

  /**
   * Joins a group as one more member, takes what falls to it without applying or committing anything, and leaves; tells
   * whether it was let in.
   */
  async visit(groupId: string, topics: readonly string[], stayMs: number): Promise<boolean> {
    const consumer = this.kafka.consumer({ groupId, sessionTimeout: 6_000, rebalanceTimeout: 5_000 });
    let joined = false;
    consumer.on(consumer.events.GROUP_JOIN, () => (joined = true));
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await sleep(stayMs);
    await consumer.disconnect();
    return joined;
  }

  /** Kafka forgets what is on the topic now. */
  async truncate(topic: string): Promise<void> {
    await this.admin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({
        topic,
        partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
      });
    });
  }

  async close(): Promise<void> {
    await this.producer?.disconnect();
  }

  async admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

function topicRecord(topic: string, partition: number, { headers, ...record }: ReadRecord): TopicRecord {
  const byName = Map.groupBy(headers, ([name]) => name);
  const values = [...byName].map(([name, all]) => [name, all.length === 1 ? all[0]?.[1] : all.map((one) => one[1])]);
  return { topic, partition, ...record, headers: Object.fromEntries(values) as IHeaders };
}
