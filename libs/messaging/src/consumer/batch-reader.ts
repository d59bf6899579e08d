import { Logger } from '@nestjs/common';
import type { FetchedRecord } from '@storefront/codecs';
import type { Batch, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { NextOffset } from '../kafka/before-commits';
import type { MessagingMetrics } from '../metrics';
import { reached } from '../steps';
import type { Topic } from '../topic';
import type { BatchProcessor } from './batch-processor';
import type { ConsumerSession } from './consumer-session';
import { type Attempt, ATTEMPTS, nextAttempt } from './attempts';
import { describe, HandlerHangs, isTransient } from './event-handling';
import { inProcessSpans } from './process-spans';
import type { PausedPartitions } from './paused-partitions';
import { type RawRecord, rawRecord } from './raw-record';

const HEARTBEAT_MS = 1_000;
/** A batch that takes longer commits what it has done meanwhile, so that the group is seen to go on. */
const COMMIT_EVERY_MS = 5_000;

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
    private readonly parts: {
      metrics: MessagingMetrics;
      isSkipped: (record: RawRecord) => boolean;
      /** Whether what was fetched from there on may be applied; see GapWatch. */
      isContinuous: (from: NextOffset) => Promise<boolean>;
      /** What is before it is read again; see GapWatch. */
      knownUntil: (at: Pick<NextOffset, 'topic' | 'partition'>) => number;
    },
  ) {}

  async read(payload: EachBatchPayload, session: ConsumerSession): Promise<void> {
    const topic = this.topics.get(payload.batch.topic);
    if (!topic || !(await this.isInPlace(payload))) return;
    this.tellDecoding(topic.name, payload.batch.messages);
    const committed = { at: performance.now() };
    await this.work({ topic, payload, session, attempt: 0, committed }, payload.batch.messages);
  }

  /** False when it is not to be applied now: it comes again. */
  private async isInPlace({ batch, heartbeat, pause }: EachBatchPayload): Promise<boolean> {
    const { topic, partition } = batch;
    const { fetchedOffset } = batch as Batch & { readonly fetchedOffset: string };
    const timer = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      return await this.parts.isContinuous({ topic, partition, offset: Number(fetchedOffset) });
    } catch (error) {
      this.paused.pause(topic, partition, { pause, error });
      return false;
    } finally {
      clearInterval(timer);
    }
  }

  /** A fetch has several batches of records, each with its own cost. */
  private tellDecoding(topic: string, messages: readonly KafkaMessage[]): void {
    let last: unknown;
    for (const message of messages) {
      const { decoding, withheld } = message as unknown as FetchedRecord;
      if (decoding !== last) this.parts.metrics.decoded(topic, decoding.cpuMs);
      if (withheld) this.parts.metrics.withheld.inc({ topic });
      last = decoding;
    }
  }

  /** False when it is not to go on: the rest comes again. */
  private async work(reading: Reading, messages: readonly KafkaMessage[]): Promise<boolean> {
    const { payload, session, attempt } = reading;
    const { events } = ATTEMPTS[attempt];
    for (let start = 0; start < messages.length; start += events) {
      if (!payload.isRunning() || payload.isStale() || session.stopping) return false;
      const chunk = messages.slice(start, start + events);
      const { result, heartbeatFailure } = await this.process(reading, chunk);
      if (result === 'paused') return false;
      if (result === 'done') await this.resolved(payload.batch, chunk, payload.resolveOffset);
      session.active();
      if (heartbeatFailure) throw heartbeatFailure.error;
      await payload.heartbeat();
      if (result === 'done') await commitNowAndThen(reading);
      if (result === 'done') continue;
      // in smaller ones, each of which is done with by itself
      if (!(await this.work({ ...reading, attempt: nextAttempt(attempt) }, chunk))) return false;
    }
    return true;
  }

  private async process({ topic, payload, attempt }: Reading, chunk: readonly KafkaMessage[]): Promise<Processed> {
    const { batch, heartbeat, pause } = payload;
    let heartbeatFailure: Processed['heartbeatFailure'];
    const beat = () => heartbeat().catch((error: unknown) => (heartbeatFailure = { error }));
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    const knownUntil = this.parts.knownUntil({ topic: topic.name, partition: batch.partition });
    const all = chunk.map((message) => {
      const record = rawRecord(topic.name, batch.partition, message);
      return Number(message.offset) < knownUntil ? { ...record, isKnown: true as const } : record;
    });
    const records = all.filter((record) => !this.parts.isSkipped(record));
    try {
      await this.parts.metrics.kafka.timeListener(topic.name, () =>
        inProcessSpans({ group: this.parts.metrics.group, records }, () =>
          this.processor.process(topic, records, attempt),
        ),
      );
      this.paused.succeeded(topic.name, batch.partition);
      return { result: 'done', heartbeatFailure };
    } catch (error) {
      const name = `${topic.name}[${batch.partition}]`;
      if (error instanceof HandlerHangs) {
        this.logger.warn(`the handler of ${name} hangs at one of ${chunk.length} events: ${error.message}`);
        return { result: 'hangs', heartbeatFailure };
      }
      if (!isTransient(error)) this.logger.error({ msg: `${name} cannot go on: ${describe(error)}`, err: error });
      this.paused.pause(topic.name, batch.partition, { pause, error });
      return { result: 'paused', heartbeatFailure };
    } finally {
      clearInterval(timer);
    }
  }

  private async resolved(
    { topic, partition, highWatermark }: Batch,
    chunk: readonly KafkaMessage[],
    resolve: (offset: string) => void,
  ) {
    const last = chunk.at(-1);
    if (!last) return;
    resolve(last.offset);
    const lag = Number(BigInt(highWatermark) - BigInt(last.offset) - 1n);
    this.parts.metrics.kafka.read(topic, partition, { records: chunk.length, lag });
    const done = reached('offsets-resolved');
    if (done) await done;
  }
}

interface Reading {
  readonly topic: Topic<unknown>;
  readonly payload: EachBatchPayload;
  readonly session: ConsumerSession;
  readonly attempt: Attempt;
  /** When something was last committed of it, monotonic ms. */
  readonly committed: { at: number };
}

interface Processed {
  /** `paused`: the chunk is to come again; `hangs`: it is to be handed over in smaller ones. */
  readonly result: 'done' | 'paused' | 'hangs';
  /** Of a heartbeat meanwhile. */
  readonly heartbeatFailure: { readonly error: unknown } | undefined;
}

async function commitNowAndThen({ payload, committed }: Reading): Promise<void> {
  if (performance.now() - committed.at < COMMIT_EVERY_MS) return;
  committed.at = performance.now();
  await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
}
