import { createRequire } from 'node:module';
import type { KafkaMessage } from 'kafkajs';
import { type RawRecord, rawRecord } from '../consumer/raw-record';
import { type Cluster, clusterOf, Isolation } from './cluster';
import type { KafkaSettings } from './kafka-settings';

/** A fetch brings at most so much of a partition; a single batch that is larger comes all the same. */
const MAX_FETCH_BYTES = 256 * 1024;
const MAX_WAIT_MS = 500;

/** The topic cannot be read now: no broker, no leader, no right. It says nothing of the records. */
export class TopicUnreadable extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 5;
  constructor(topic: string, cause: unknown) {
    super(`${topic} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'TopicUnreadable';
  }
}

/** What one look at a partition brought. */
export interface PartitionPage {
  /** Ascending, the first at the offset that was asked for or behind it. */
  readonly records: readonly RawRecord[];
  /** Where the next page begins: every record before it is in this page, or is not on the topic. The same offset: nothing came. */
  readonly next: number;
}

/** Records before this offset are gone, by retention or by hand. */
export interface Gone {
  readonly goneBefore: number;
}

/** Reads single records of a topic by their position, without a consumer group. */
export interface PositionReader {
  /** Throws TopicUnreadable. */
  page(topic: string, partition: number, offset: number): Promise<PartitionPage | Gone>;
}

/** Connects, lets `work` read, and disconnects. */
export async function reading<T>(
  settings: KafkaSettings,
  clientId: string,
  work: (reader: PositionReader) => Promise<T>,
): Promise<T> {
  const cluster = clusterOf(settings, clientId, Isolation.readCommitted);
  try {
    return await work({ page: (...position) => pageOf(cluster, ...position) });
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

async function pageOf(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<PartitionPage | Gone> {
  try {
    if (!cluster.isConnected()) await cluster.connect();
    await cluster.addTargetTopic(topic);
    return await fetched(cluster, topic, partition, offset);
  } catch (error) {
    // the leader may be another one by now
    await cluster.refreshMetadata().catch(() => undefined);
    throw new TopicUnreadable(topic, error);
  }
}

async function fetched(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<PartitionPage | Gone> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`partition ${partition} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  try {
    const { responses } = await broker.fetch({
      isolationLevel: Isolation.readCommitted,
      maxWaitTime: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes: MAX_FETCH_BYTES,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: MAX_FETCH_BYTES }] }],
    });
    const data = responses[0]?.partitions[0];
    if (!data) throw new Error('the broker answered nothing');
    const batch = new (internals().Batch)(topic, String(offset), data);
    const next = batch.isEmptyIncludingFiltered() ? offset : Number(batch.lastOffset()) + 1;
    return { records: batch.messages.map((message) => rawRecord(topic, partition, message)), next };
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    const low = await lowOf(cluster, topic, partition);
    if (low <= offset) throw error;
    return { goneBefore: low };
  }
}

async function lowOf(cluster: Cluster, topic: string, partition: number): Promise<number> {
  const [found] = await cluster.fetchTopicsOffset([{ topic, partitions: [{ partition }], fromBeginning: true }]);
  return Number(found?.partitions.find((each) => each.partition === partition)?.offset ?? 0);
}

function isOutOfRange(error: unknown): boolean {
  return (error as { type?: unknown }).type === 'OFFSET_OUT_OF_RANGE';
}

interface Batch {
  readonly messages: KafkaMessage[];
  isEmptyIncludingFiltered(): boolean;
  lastOffset(): string;
}

function internals(): { Batch: new (topic: string, offset: string, data: object) => Batch } {
  const load = createRequire(require.resolve('kafkajs'));
  return { Batch: load('./src/consumer/batch') as new (topic: string, offset: string, data: object) => Batch };
}
