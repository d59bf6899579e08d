import { type Admin, type Consumer, type EachBatchHandler, type Kafka } from 'kafkajs';
import { kafkaClient } from '../kafka/kafka-client';
import type { KafkaSettings } from '../kafka/kafka-settings';

const HEARTBEAT_MS = 2_000;
/** No fetch, no finished batch and no rebalance for so long: the consumer is taken for dead. */
const STALLED_MS = 60_000;
const TOPIC_POLL_MS = 1_000;
const STOP_DEADLINE_MS = 8_000;

export interface SessionOptions {
  readonly settings: KafkaSettings;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** How long the group waits for a silent member, ms. */
  readonly sessionTimeoutMs: number;
  readonly eachBatch: EachBatchHandler;
  readonly onJoin: () => void;
}

/** One life of a kafkajs consumer, from its own client to its crash. It never heals itself: its owner builds the next one. */
export class ConsumerSession {
  private readonly kafka: Kafka;
  private readonly consumer: Consumer;
  private watchdog: NodeJS.Timeout | undefined;
  private lastActivity = performance.now();
  private stopping = false;
  private end: (reason: string) => void = () => undefined;
  /** Resolves with the reason when the consumer crashed or stalled. */
  readonly ended: Promise<string>;
  joined = false;
  waitingFor: readonly string[] = [];

  constructor(private readonly options: SessionOptions) {
    this.kafka = kafkaClient(options.settings, options.groupId, {
      // outlasts a broker's restart without leaving the group
      retries: 30,
      restartOnFailure: async () => false,
    });
    this.consumer = this.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      heartbeatInterval: Math.min(HEARTBEAT_MS, options.sessionTimeoutMs / 3),
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: 500,
      minBytes: 1,
      maxBytesPerPartition: 512 * 1024,
      maxBytes: 4 * 1024 * 1024,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30, restartOnFailure: async () => false },
    });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async start(): Promise<void> {
    await this.topicsExist();
    if (this.stopping) return;
    const { CRASH, GROUP_JOIN, FETCH, END_BATCH_PROCESS, REBALANCING } = this.consumer.events;
    for (const event of [FETCH, END_BATCH_PROCESS, REBALANCING]) this.consumer.on(event, () => this.active());
    this.consumer.on(GROUP_JOIN, () => {
      this.joined = true;
      this.active();
      this.options.onJoin();
    });
    this.consumer.on(CRASH, ({ payload }) => this.end(payload.error.message));
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    this.watchdog = setInterval(() => {
      if (performance.now() - this.lastActivity > STALLED_MS) this.end('no fetch for 60 s');
    }, 5_000);
    this.watchdog.unref();
    await this.consumer.run({
      eachBatch: this.options.eachBatch,
      eachBatchAutoResolve: false,
      autoCommit: true,
      partitionsConsumedConcurrently: 3,
    });
  }

  /** Work is going on: called for every part of a long batch. */
  active(): void {
    this.lastActivity = performance.now();
  }

  /** Lets the running batch finish, commits and leaves the group; gives up after 8 s. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.watchdog);
    const deadline = new Promise((resolve) => setTimeout(resolve, STOP_DEADLINE_MS).unref());
    await Promise.race([this.consumer.disconnect().catch(() => undefined), deadline]);
    this.end('stopped');
  }

  /** A topic that is not there yet belongs to a service that starts later. */
  private async topicsExist(): Promise<void> {
    const admin: Admin = this.kafka.admin();
    try {
      await admin.connect();
      while (!this.stopping) {
        const existing = new Set(await admin.listTopics());
        this.waitingFor = this.options.topics.filter((topic) => !existing.has(topic));
        if (this.waitingFor.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, TOPIC_POLL_MS));
      }
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
