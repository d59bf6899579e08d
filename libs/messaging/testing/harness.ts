import { randomUUID } from 'node:crypto';
import { type Connection, type ConnectOptions, createConnection } from 'mongoose';
import { Registry } from 'prom-client';
import { type Gate, gatePattern } from '../src/consumer/event-gate';
import type { EventHandler } from '../src/consumer/event-handling';
import { KafkaConsumer } from '../src/consumer/kafka-consumer';
import { KafkaProducer } from '../src/kafka/kafka-producer';
import type { KafkaSettings } from '../src/kafka/kafka-settings';
import { MessagingMetrics } from '../src/metrics';
import { ParkedEvents } from '../src/parked/parked-events';
import type { ParkingLimits } from '../src/parked/parking-limits';
import { Publisher } from '../src/publisher/publisher';
import { Sweep } from '../src/publisher/sweep';
import type { Topic } from '../src/topic';

export { eventually } from '../../../test/eventually';

/** The engines that jest's global setup started, or yours. */
export function settings(): KafkaSettings {
  return { brokers: (process.env.KAFKA_BROKERS ?? '').split(','), ssl: false, sessionTimeoutMs: 3_000 };
}

/** A database of its own for every test file, unless it is named. */
export async function connect(
  database = `t${randomUUID().replaceAll('-', '')}`,
  { uri = process.env.MONGODB_URI, ...options }: ConnectOptions & { uri?: string | undefined } = {},
): Promise<Connection> {
  return createConnection(`${uri}/${database}`, {
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 10_000,
    connectTimeoutMS: 5_000,
    ...options,
  }).asPromise();
}

export interface PublishingParts {
  publisher: Publisher;
  sweep: Sweep;
  metrics: MessagingMetrics;
  /** Reaches for Kafka. */
  start(): void;
  /** With 0 it dies: what it has not published stays behind. */
  stop(drainMs?: number): Promise<void>;
}

export interface PublishingOptions {
  started?: boolean;
  maxMemoryBytes?: number;
  /** In one look of the sweep. */
  maxMarks?: number;
  Producer?: typeof KafkaProducer;
}

/** One instance's publisher and sweep; the sweep runs only when started, and Kafka is reached for unless told otherwise. */
export function publishing(
  topic: Topic<unknown>,
  { started = true, maxMemoryBytes, maxMarks, Producer = KafkaProducer }: PublishingOptions = {},
): PublishingParts {
  const metrics = new MessagingMetrics(new Registry());
  const producer = new Producer(settings(), 'test', [topic]);
  const publisher = new Publisher(producer, metrics, maxMemoryBytes);
  const sweep = new Sweep(publisher, metrics, maxMarks);
  if (started) producer.start();
  return {
    publisher,
    sweep,
    metrics,
    start: () => producer.start(),
    async stop(drainMs = 5_000) {
      await sweep.stop();
      await publisher.drain(drainMs);
      await producer.stop();
    },
  };
}

export interface ConsumingParts {
  consumer: KafkaConsumer;
  parked: ParkedEvents;
  metrics: MessagingMetrics;
  /** Of the metrics. */
  registry: Registry;
  stop(): Promise<void>;
}

export interface ConsumingOptions {
  group?: string;
  kafka?: KafkaSettings;
  limits?: ParkingLimits;
  stalledAfterMs?: number;
  gate?: Gate;
  /** As an environment has them that shares its cluster with others. */
  prefixes?: Pick<KafkaSettings, 'topicPrefix' | 'groupPrefix'>;
}

/** One instance's consumer of a topic. */
export async function consuming(
  topic: Topic<unknown>,
  connection: Connection,
  handler: EventHandler,
  { group = `test-${randomUUID()}`, kafka = settings(), limits, gate, stalledAfterMs, prefixes }: ConsumingOptions = {},
): Promise<ConsumingParts> {
  const registry = new Registry();
  const metrics = new MessagingMetrics(registry);
  const parked = new ParkedEvents(connection, limits);
  const options = {
    settings: { ...kafka, ...prefixes },
    service: group,
    consumes: [topic],
    sessionTimeoutMs: 3_000,
    stalledAfterMs,
  };
  const consumer = new KafkaConsumer(options, parked, metrics);
  consumer.addHandler(topic.name, (async (events: never) => handler(events)) as never, true);
  if (gate) consumer.addHandler(gatePattern(topic.name), gate as never, true);
  await consumer.listen((error) => {
    if (error) throw error as Error;
  });
  return { consumer, parked, metrics, registry, stop: () => consumer.close() };
}
