import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type Admin, type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Topic } from '../topic';
import { explained, KafkaAccessRefused } from './access';
import { onCluster } from './cluster-names';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';
import { createMissingTopics, isBeingCreated } from './topics';

export interface OutgoingMessage extends Message {
  key: string;
  partition: number;
}

/** After so many failed requests in a row the producer is replaced: some connections never recover (tulios/kafkajs#907). */
const MAX_FAILURES = 3;
const ACK_TIMEOUT_MS = 10_000;
const MAX_BACKOFF_MS = 10_000;
const STOP_DEADLINE_MS = 1_000;

/**
 * The connection that publishing uses: creates the topics its service owns, knows their partitions, sends with `acks: -1`
 * and without the idempotent mode. Connects in the background and for ever; a service starts without it.
 */
export class KafkaProducer {
  private readonly logger = new Logger(KafkaProducer.name);
  private readonly partitioner = Partitioners.DefaultPartitioner();
  private readonly partitions = new Map<string, number>();
  private readonly readyListeners: (() => void)[] = [];
  private producer: Producer | undefined;
  private failures = 0;
  private readonly quit = new AbortController();
  private connecting: Promise<void> = Promise.resolve();
  /** Why Kafka cannot be reached, while it cannot. */
  trouble: string | undefined = 'not connected yet';
  private client: Kafka | undefined;
  private readonly refused: { connect?: string; send?: string } = {};

  private readonly topics: readonly Topic<unknown>[];

  constructor(
    private readonly settings: KafkaSettings,
    private readonly clientId: string,
    owned: readonly Topic<unknown>[],
  ) {
    this.topics = owned.map((topic) => onCluster(topic, settings));
  }

  start(): void {
    if (this.topics.length > 0) this.connecting = this.connect();
  }

  /** A topic that this service owns, by the contract's, under the name that it has on the cluster; undefined for another's. */
  owned(topic: Topic<unknown>): Topic<unknown> | undefined {
    const { name } = onCluster(topic, this.settings);
    return this.topics.find((each) => each.name === name);
  }

  onReady(listener: () => void): void {
    this.readyListeners.push(listener);
  }

  /** The partition of a key by Kafka's own hash (murmur2), undefined before the cluster was reached. */
  partitionFor(topic: string, key: string): number | undefined {
    const count = this.partitions.get(topic);
    if (!count) return undefined;
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 0 }));
    return this.partitioner({ topic, partitionMetadata: partitionMetadata as never, message: { key, value: null } });
  }

  /** Resolves when every message is on all in-sync replicas; an error leaves open which of them are. */
  async send(messages: Map<string, OutgoingMessage[]>): Promise<void> {
    if (!this.producer) throw new Error(this.trouble ?? 'not connected');
    const topicMessages = [...messages].map(([topic, list]) => ({ topic, messages: list }));
    try {
      await this.producer.sendBatch({ topicMessages, acks: -1, timeout: ACK_TIMEOUT_MS });
      this.failures = 0;
      this.trouble = undefined;
      delete this.refused.send;
    } catch (error) {
      // an answer, if not the one we wanted: the connection is well
      if (this.saysTooLarge(error)) throw error;
      const reason = this.reasonOf(error, 'send', [...messages.keys()]);
      if (++this.failures >= MAX_FAILURES) this.replace();
      throw reason;
    }
  }

  saysTooLarge(error: unknown): boolean {
    const type = (cause: unknown): unknown => (cause instanceof Error && 'type' in cause ? cause.type : undefined);
    const inner = error instanceof Error ? error.cause : undefined;
    return [type(error), type(inner)].some((name) => name === 'MESSAGE_TOO_LARGE' || name === 'RECORD_LIST_TOO_LARGE');
  }

  async stop(): Promise<void> {
    this.quit.abort();
    await Promise.race([this.connecting, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
    await this.producer?.disconnect().catch(() => undefined);
  }

  /** What the cluster does not allow us, until it does. */
  get refusal(): string | undefined {
    return this.refused.connect ?? this.refused.send;
  }

  private get stopped(): boolean {
    return this.quit.signal.aborted;
  }

  private async connect(): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      try {
        await this.tryConnect();
        return;
      } catch (error) {
        this.reasonOf(
          error,
          'connect',
          this.topics.map(({ name }) => name),
        );
        const isExpected = attempt < 10 && isBeingCreated(error);
        if (attempt % 10 === 0 && !isExpected)
          this.logger.warn(`Kafka cannot be reached, events wait in the store: ${this.trouble}`);
        const delay = Math.min(250 * 2 ** Math.min(attempt, 6), MAX_BACKOFF_MS);
        await sleep(delay, undefined, { ref: false, signal: this.quit.signal }).catch(() => undefined);
      }
    }
  }

  private async tryConnect(): Promise<void> {
    const client = kafkaClient(this.settings, this.clientId);
    this.client = client;
    const counts = await this.prepareTopics(client);
    const producer = client.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    if (this.stopped) return producer.disconnect();
    for (const [name, count] of counts) this.partitions.set(name, count);
    this.producer = producer;
    this.failures = 0;
    this.trouble = undefined;
    delete this.refused.connect;
    for (const listener of this.readyListeners) listener();
  }

  private async prepareTopics(client: Kafka): Promise<[string, number][]> {
    const admin: Admin = client.admin();
    try {
      await admin.connect();
      await createMissingTopics(admin, this.topics);
      const { topics } = await admin.fetchTopicMetadata({ topics: this.topics.map(({ name }) => name) });
      return topics.map(({ name, partitions }) => [name, partitions.length]);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private replace(): void {
    const old = this.producer;
    if (!old) return;
    this.producer = undefined;
    void old.disconnect().catch(() => undefined);
    this.connecting = this.connect();
  }

  private reasonOf(error: unknown, doing: 'connect' | 'send', topics: string[]): Error {
    const reason = explained(error, this.settings, this.client, { topics });
    this.trouble = reason.message;
    if (reason instanceof KafkaAccessRefused) this.refused[doing] = reason.message;
    return reason;
  }
}
