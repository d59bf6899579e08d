import { randomUUID } from 'node:crypto';
import { type Connection, createConnection } from 'mongoose';
import { Registry } from 'prom-client';
import { z } from 'zod';
import type { EventHandler } from '../src/consumer/event-handling';
import { KafkaConsumer } from '../src/consumer/kafka-consumer';
import { kafkaClient } from '../src/kafka/kafka-client';
import { KafkaProducer } from '../src/kafka/kafka-producer';
import type { KafkaSettings } from '../src/kafka/kafka-settings';
import { MessagingMetrics } from '../src/metrics';
import { ParkedEvents } from '../src/parked/parked-events';
import { Publisher } from '../src/publisher/publisher';
import { Sweep } from '../src/publisher/sweep';
import type { Topic } from '../src/topic';

/** The engines that jest's global setup started, or yours. */
export function settings(): KafkaSettings {
  return { brokers: (process.env.KAFKA_BROKERS ?? '').split(','), ssl: false, sessionTimeoutMs: 3_000 };
}

export const Note = z.object({ id: z.string(), text: z.string() });
export type Note = z.infer<typeof Note>;

/** A topic of its own for every test file, so that files can run side by side. */
export function noteTopic(ordering: Topic<Note>['ordering'] = 'state', partitions = 3): Topic<Note> {
  return {
    name: `test.${ordering}.${randomUUID()}`,
    ordering,
    source: '/notes',
    types: ['note.changed', 'note.deleted'],
    tombstones: ordering === 'state',
    schema: Note,
    aggregateId: (value) => (value as { id?: string }).id,
    partitions,
    configEntries: {},
  };
}

export async function connect(
  database = `t${randomUUID().replaceAll('-', '')}`,
  uri = process.env.MONGODB_URI,
): Promise<Connection> {
  return createConnection(`${uri}/${database}`, {
    serverSelectionTimeoutMS: 2_000,
    socketTimeoutMS: 3_000,
    connectTimeoutMS: 1_000,
  }).asPromise();
}

export interface PublishingParts {
  publisher: Publisher;
  sweep: Sweep;
  stop(): Promise<void>;
}

/** One instance's publisher and sweep; the sweep runs only when started. */
export function publishing(topic: Topic<unknown>): PublishingParts {
  const metrics = new MessagingMetrics(new Registry());
  const producer = new KafkaProducer(settings(), 'test', [topic]);
  const publisher = new Publisher(producer, metrics);
  const sweep = new Sweep(publisher, metrics);
  producer.start();
  return {
    publisher,
    sweep,
    async stop() {
      await sweep.stop();
      await publisher.drain(5_000);
      await producer.stop();
    },
  };
}

/** One instance's consumer of a topic. */
export async function consuming(
  topic: Topic<unknown>,
  connection: Connection,
  handler: EventHandler,
  group = `test-${randomUUID()}`,
): Promise<{ consumer: KafkaConsumer; parked: ParkedEvents; metrics: MessagingMetrics; stop(): Promise<void> }> {
  const metrics = new MessagingMetrics(new Registry());
  const parked = new ParkedEvents(connection);
  const options = { settings: settings(), service: group, consumes: [topic], sessionTimeoutMs: 3_000 };
  const consumer = new KafkaConsumer(options, parked, metrics);
  consumer.addHandler(topic.name, (async (events: never) => handler(events)) as never, true);
  await consumer.listen(() => undefined);
  return { consumer, parked, metrics, stop: () => consumer.close() };
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
      eachMessage: async ({ partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([key, value]) => [key, String(value)]);
        records.push({
          partition,
          offset: Number(message.offset),
          key: message.key && message.key.toString(),
          value: message.value && message.value.toString(),
          headers: Object.fromEntries(headers) as Record<string, string>,
        });
        if (Number(message.offset) + 1 >= (open.get(partition) ?? 0)) open.delete(partition);
        if (open.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Asks until the answer is right; the last wrong answer is in the error. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  right: (answer: T) => boolean,
  limitMs = 20_000,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() > until)
      throw new Error(`not in ${limitMs} ms; last: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
