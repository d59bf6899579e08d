import { Logger } from '@nestjs/common';
import type { Batch, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { MessagingMetrics } from '../metrics';
import { LaneFull } from '../parked/lane-append';
import { LanesFull } from '../parked/parked-events';
import { reached } from '../steps';
import type { Topic } from '../topic';
import type { BatchProcessor } from './batch-processor';
import type { ConsumerSession } from './consumer-session';
import { isTransient } from './event-handling';
import { inProcessSpans } from './process-spans';
import type { PausedPartitions } from './paused-partitions';
import { rawRecord } from './record-decoding';

/** Events in one call of a handler. */
const CHUNK = 500;
const HEARTBEAT_MS = 1_000;

/**
 * Works off what one session fetches. An offset is resolved when its record and all before it are durable; a partition that
 * cannot go on pauses where it stands. Throws into kafkajs only what kafkajs must know: that the group rebalances.
 */
export class BatchReader {
  private readonly logger = new Logger('KafkaConsumer');

  constructor(
    private readonly topics: ReadonlyMap<string, Topic<unknown>>,
    private readonly processor: BatchProcessor,
    private readonly paused: PausedPartitions,
    private readonly metrics: MessagingMetrics,
  ) {}

  async read(payload: EachBatchPayload, session: ConsumerSession): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const topic = this.topics.get(batch.topic);
    if (!topic) return;
    for (let start = 0; start < batch.messages.length; start += CHUNK) {
      if (!isRunning() || isStale() || session.stopping) return;
      const chunk = batch.messages.slice(start, start + CHUNK);
      const heartbeatFailure = await this.process(topic, chunk, payload);
      if (heartbeatFailure === 'paused') return;
      this.resolved(batch, chunk, resolveOffset);
      const resolved = reached('offsets-resolved');
      if (resolved) await resolved;
      session.active();
      if (heartbeatFailure !== undefined) throw heartbeatFailure.error;
      await heartbeat();
    }
  }

  /** `paused` when the chunk is to come again; the error of a heartbeat meanwhile, if there was one. */
  private async process(
    topic: Topic<unknown>,
    chunk: readonly KafkaMessage[],
    { batch: { partition }, heartbeat, pause }: EachBatchPayload,
  ): Promise<'paused' | { error: unknown } | undefined> {
    let failure: { error: unknown } | undefined;
    const timer = setInterval(() => void heartbeat().catch((error: unknown) => (failure = { error })), HEARTBEAT_MS);
    try {
      const records = chunk.map((message) => rawRecord(topic.name, partition, message));
      await inProcessSpans(records, () => this.processor.process(topic, records));
      this.paused.succeeded(topic.name, partition);
      return failure;
    } catch (error) {
      if (!isExpected(error)) this.logger.error({ msg: `${topic.name}[${partition}] cannot go on`, err: error });
      this.paused.pause(topic.name, partition, { pause, error });
      return 'paused';
    } finally {
      clearInterval(timer);
    }
  }

  private resolved(
    { topic, partition, highWatermark }: Batch,
    chunk: KafkaMessage[],
    resolve: (offset: string) => void,
  ) {
    const last = chunk.at(-1);
    if (!last) return;
    resolve(last.offset);
    this.metrics.lag.set({ topic, partition }, Number(BigInt(highWatermark) - BigInt(last.offset) - 1n));
  }
}

function isExpected(error: unknown): boolean {
  return isTransient(error) || error instanceof LaneFull || error instanceof LanesFull;
}
