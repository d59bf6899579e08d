import { Logger } from '@nestjs/common';
import { ServerKafka } from '@nestjs/microservices';
import type { EachBatchPayload } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import type { KafkaSettings } from '../kafka/kafka-settings';
import type { IncomingEvent, Outcome } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import type { ParkedEvents } from '../parked/parked-events';
import { Redrive } from '../parked/redrive';
import type { Topic } from '../topic';
import { BatchProcessor, isTransient } from './batch-processor';
import { ConsumerSession } from './consumer-session';
import { PausedPartitions } from './paused-partitions';
import { rawRecord } from './record-decoding';

/** Events in one call of a handler. */
const CHUNK = 500;
const MAX_REBUILD_MS = 10_000;
const TICK_MS = 1_000;

export interface KafkaConsumerOptions {
  readonly settings: KafkaSettings;
  /** Consumer group and client id. */
  readonly service: string;
  readonly consumes: readonly Topic<unknown>[];
  readonly sessionTimeoutMs: number;
}

/**
 * Nest's Kafka transport with batches, parking and a supervised consumer. Delivery: every record reaches its handler at
 * least once, in the order of its partition; its offset is committed only after the handler's effect or the parked record
 * is durable. Trouble with the store pauses the partition, for ever if need be. Nothing that a handler does reaches
 * kafkajs' or Nest's own retries, because both stop or spin there.
 */
export class KafkaConsumer extends ServerKafka {
  protected override readonly logger = new Logger(KafkaConsumer.name);
  private readonly topics: ReadonlyMap<string, Topic<unknown>>;
  private readonly processor: BatchProcessor;
  private readonly redrive: Redrive;
  private readonly paused: PausedPartitions;
  private session: ConsumerSession | undefined;
  private supervision: Promise<void> = Promise.resolve();
  private stopping = false;
  /** Why nothing is consumed, and since when; undefined while the consumer is in its group. */
  trouble: { reason: string; since: number } | undefined = { reason: 'starting', since: Date.now() };

  constructor(
    private readonly setup: KafkaConsumerOptions,
    parked: ParkedEvents,
    private readonly metrics: MessagingMetrics,
  ) {
    super({ postfixId: '', client: { clientId: setup.service, brokers: [...setup.settings.brokers] } });
    this.topics = new Map(setup.consumes.map((topic) => [topic.name, topic]));
    this.processor = new BatchProcessor((topic) => this.batchHandler(topic), parked, metrics);
    this.redrive = new Redrive(this.topics, this.processor, parked, metrics);
    this.paused = new PausedPartitions(metrics);
  }

  get consumes(): boolean {
    return this.topics.size > 0;
  }

  get pausedReason(): string | undefined {
    return this.paused.reason;
  }

  /** Calls back at once: a service serves while Kafka is away. */
  override async listen(callback: () => void): Promise<void> {
    if (this.consumes) {
      this.supervision = this.supervise();
      this.redrive.start();
    }
    callback();
  }

  override async close(): Promise<void> {
    this.stopping = true;
    this.paused.clear();
    await Promise.all([this.session?.stop(), this.redrive.stop()]);
    await this.supervision;
  }

  private async supervise(): Promise<void> {
    for (let attempt = 0; !this.stopping; attempt++) {
      const session: ConsumerSession = new ConsumerSession({
        ...this.setup,
        groupId: this.setup.service,
        topics: [...this.topics.keys()],
        eachBatch: (payload) => this.eachBatch(session, payload),
        onJoin: () => {
          attempt = 0;
          this.trouble = undefined;
          this.metrics.lag.reset();
        },
      });
      this.session = session;
      const reason = await this.live(session);
      if (this.stopping) return;
      this.trouble = { reason, since: this.trouble?.since ?? Date.now() };
      this.paused.clear();
      if (attempt % 5 === 0) this.logger.warn(`the consumer is being rebuilt: ${reason}`);
      void session.stop();
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** Math.min(attempt, 6), MAX_REBUILD_MS)));
    }
  }

  private async live(session: ConsumerSession): Promise<string> {
    try {
      await Promise.race([session.start(), session.ended]);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return this.stopping ? 'stopping' : session.ended;
  }

  private async eachBatch(session: ConsumerSession, payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const topic = this.topics.get(batch.topic);
    if (!topic) return;
    for (let start = 0; start < batch.messages.length; start += CHUNK) {
      if (!isRunning() || isStale() || this.stopping) return;
      const chunk = batch.messages.slice(start, start + CHUNK);
      const records = chunk.map((message) => rawRecord(batch.topic, batch.partition, message));
      const last = chunk.at(-1);
      try {
        await beating(heartbeat, () => this.processor.process(topic, records));
      } catch (error) {
        if (error instanceof HeartbeatFailed) throw error.cause;
        if (!isTransient(error)) this.logger.error(`${batch.topic}[${batch.partition}] cannot go on`, error);
        this.paused.pause(batch.topic, batch.partition, { resume: payload.pause(), error });
        return;
      }
      this.paused.succeeded(batch.topic, batch.partition);
      if (last) {
        resolveOffset(last.offset);
        const behind = BigInt(batch.highWatermark) - BigInt(last.offset) - 1n;
        this.metrics.lag.set({ topic: batch.topic, partition: batch.partition }, Number(behind));
      }
      session.active();
      await heartbeat();
    }
  }

  private batchHandler(topic: string): ((events: IncomingEvent<unknown>[]) => Promise<Outcome[]>) | undefined {
    const handler = this.getHandlerByPattern(topic);
    if (!handler) return undefined;
    return async (events) => {
      const result: unknown = await handler(events);
      return (isObservable(result) ? await lastValueFrom(result) : result) as Outcome[];
    };
  }
}

class HeartbeatFailed extends Error {}

/** Keeps the membership alive while a batch is worked on; the work itself is limited in time by the processor. */
async function beating(heartbeat: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  let failure: unknown;
  const timer = setInterval(() => void heartbeat().catch((error: unknown) => (failure = error)), TICK_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  // a rebalance: kafkajs must hear of it; what was applied comes again and is dropped as a duplicate
  if (failure !== undefined) throw new HeartbeatFailed('heartbeat', { cause: failure });
}
