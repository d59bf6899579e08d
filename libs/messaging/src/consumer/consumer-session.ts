import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Consumer, EachBatchHandler, Kafka } from 'kafkajs';
import { explained, KafkaAccessRefused } from '../kafka/access';
import { type CommitListener, listenToCommits } from '../kafka/before-commits';
import { kafkaClient } from '../kafka/kafka-client';
import type { KafkaMetrics } from '../kafka/kafka-metrics';
import type { KafkaSettings } from '../kafka/kafka-settings';
import { onRecordsGone, type RecordsGone } from '../kafka/records-gone';
import { countEvents } from './group-watch';
import type { SeekTo } from './skip-watch';

const HEARTBEAT_MS = 2_000;
/** Records are answered at once; a fetch without any wakes the process, and stopping waits for it. */
const EMPTY_FETCH_MS = 1_000;
/** Twice what a rebalance may take. */
const STALLED_AFTER_MS = 60_000;
const TOPIC_POLL_MS = 1_000;
const STOP_DEADLINE_MS = 8_000;
/** Outlasts a broker's restart without leaving the group; never restarts by itself. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 30, restartOnFailure: async () => false };

export interface SessionOptions {
  readonly settings: KafkaSettings;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** How long the group waits for a silent member, ms. */
  readonly sessionTimeoutMs: number;
  /** No fetch, no finished batch and no rebalance for so long: the consumer is taken for dead. 60 s unless given. */
  readonly stalledAfterMs?: number | undefined;
  readonly eachBatch: EachBatchHandler;
  /** By topic, the partitions that this member has now. */
  readonly onJoin: (assignment: Readonly<Record<string, readonly number[]>>) => void;
  /** Hears what is about to be committed. */
  readonly commits: CommitListener;
  /** Records that were not consumed are gone, by retention or by hand. */
  readonly onRecordsGone: RecordsGone;
  readonly metrics: KafkaMetrics;
}

/** One life of a kafkajs consumer, from its own client to its crash. It never heals itself: its owner builds the next one. */
export class ConsumerSession {
  private readonly client: Kafka;
  private readonly consumer: Consumer;
  private readonly quit = new AbortController();
  private watchdog: NodeJS.Timeout | undefined;
  private lastActivity = performance.now();
  private beginning: Promise<void> = Promise.resolve();
  private leaveCommits: () => void = () => undefined;
  private end: (reason: string) => void = () => undefined;
  /** Resolves with the reason when the consumer crashed or stalled, or was stopped. */
  readonly ended: Promise<string>;
  /** Topics of ours that do not exist yet. */
  missingTopics: readonly string[] = [];
  /** What the cluster does not allow us; nothing that a new process would heal. */
  refusal: string | undefined;

  constructor(private readonly options: SessionOptions) {
    // a client of its own: kafkajs shares committed offsets between the consumers of one (tulios/kafkajs#558)
    this.client = kafkaClient(options.settings, options.groupId, RETRY);
    onRecordsGone(this.client, options.onRecordsGone);
    this.consumer = this.client.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      heartbeatInterval: Math.min(HEARTBEAT_MS, options.sessionTimeoutMs / 3),
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: EMPTY_FETCH_MS,
      minBytes: 1,
      // a batch that is larger comes all the same (KIP-74); more than this costs memory, and turns of the event loop
      maxBytesPerPartition: 256 * 1024,
      maxBytes: 4 * 1024 * 1024,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  get stopping(): boolean {
    return this.quit.signal.aborted;
  }

  start(): Promise<void> {
    this.beginning = this.begin().catch((error: unknown) => {
      throw this.reasonOf(error, this.client);
    });
    return this.beginning;
  }

  /** Work is going on: called for every part of a long batch. */
  active(): void {
    this.lastActivity = performance.now();
  }

  /** Goes on there with the next fetch, and commits it; says nothing to a partition that this member does not have. */
  seek({ topic, partition, offset }: SeekTo): void {
    try {
      this.consumer.seek({ topic, partition, offset: String(offset) });
    } catch {
      // it has not joined its group: then it is told when it does
    }
  }

  /** Lets the running batch finish, commits and leaves the group; gives up after 8 s. */
  async stop(): Promise<void> {
    this.quit.abort();
    clearInterval(this.watchdog);
    // kafkajs cannot stop a consumer that is still joining: it would go on unseen
    const left = this.beginning
      .catch(() => undefined)
      .then(() => this.consumer.disconnect())
      .catch(() => undefined)
      .finally(() => this.leaveCommits());
    await Promise.race([left, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
    this.end('stopped');
  }

  private async begin(): Promise<void> {
    await this.topicsExist();
    if (this.stopping) return;
    this.listen();
    this.watch();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    if (this.stopping) return;
    await this.consumer.run({
      eachBatch: this.options.eachBatch,
      eachBatchAutoResolve: false,
      autoCommit: true,
      partitionsConsumedConcurrently: 3,
    });
  }

  private watch(): void {
    const { stalledAfterMs = STALLED_AFTER_MS } = this.options;
    this.active();
    this.watchdog = setInterval(() => {
      const isStalled = performance.now() - this.lastActivity > stalledAfterMs;
      if (isStalled) this.end(`nothing happened for ${stalledAfterMs / 1000} s`);
    }, stalledAfterMs / 12);
    this.watchdog.unref();
  }

  private listen(): void {
    countEvents(this.consumer, this.options.metrics);
    const { CRASH, GROUP_JOIN, FETCH, END_BATCH_PROCESS, REBALANCING } = this.consumer.events;
    for (const event of [FETCH, END_BATCH_PROCESS, REBALANCING]) this.consumer.on(event, () => this.active());
    this.consumer.on(GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) => {
      this.active();
      this.leaveCommits();
      this.leaveCommits = listenToCommits(memberId, this.options.commits);
      if (!this.stopping) this.options.onJoin(memberAssignment);
    });
    this.consumer.on(CRASH, ({ payload }) => this.end(this.reasonOf(payload.error, this.client).message));
  }

  /** A topic that is not there yet belongs to a service that starts later. */
  private async topicsExist(): Promise<void> {
    // the owner tries again: stopping need not wait for retries
    const client = kafkaClient(this.options.settings, this.options.groupId, { retries: 0 });
    const admin = client.admin();
    const disconnect = () => admin.disconnect().catch(() => undefined);
    const quit = () => void disconnect();
    this.quit.signal.addEventListener('abort', quit, { once: true });
    try {
      await admin.connect();
      while (!this.stopping) {
        const existing = new Set(await admin.listTopics());
        this.missingTopics = this.options.topics.filter((topic) => !existing.has(topic));
        this.refusal = undefined;
        if (this.missingTopics.length === 0) return;
        for (const topic of this.missingTopics) await this.mayBeSeen(topic, admin, client);
        await sleep(TOPIC_POLL_MS, undefined, { signal: this.quit.signal }).catch(() => undefined);
      }
    } catch (error) {
      throw this.reasonOf(error, client);
    } finally {
      this.quit.signal.removeEventListener('abort', quit);
      await disconnect();
    }
  }

  /** Kafka does not list a topic that we may not see; asked for by its name, it says so. */
  private async mayBeSeen(topic: string, admin: Admin, client: Kafka): Promise<void> {
    try {
      await admin.fetchTopicMetadata({ topics: [topic] });
    } catch (error) {
      this.reasonOf(error, client, [topic]);
    }
  }

  private reasonOf(error: unknown, client: Kafka, topics = this.options.topics): Error {
    const reason = explained(error, this.options.settings, client, { group: this.options.groupId, topics });
    if (reason instanceof KafkaAccessRefused) this.refusal = reason.message;
    return reason;
  }
}
