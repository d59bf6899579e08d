import { Logger } from '@nestjs/common';
import type { KafkaProducer } from '../kafka/kafka-producer';
import type { MessagingMetrics } from '../metrics';
import type { OutboxEntry } from '../outbox-entry';
import type { Topic } from '../topic';
import { OrderRestoring } from './order-restoring';
import { OutboxClearing } from './outbox-clearing';
import { type OutboxSource, sourceKey } from './outbox-source';
import type { Shipment } from './partition-lane';
import { Pending } from './pending';
import { Receipts } from './receipts';
import { Shipping } from './shipping';

const MAX_MEMORY_BYTES = 32 * 1024 * 1024;
/** Partitions that fail leave the other half to those that are well. */
const FAILING_SHARE = 1 / 2;
const CROWDED_SHARE = 3 / 4;

interface Taken {
  readonly outbox: readonly OutboxEntry[];
  /** What is not sent, although it stands in the outbox. */
  readonly acknowledged: number;
}

/**
 * Takes outboxes to Kafka: at least once, the events of an aggregate in version order, one request in flight a partition,
 * without Kafka's idempotent mode (kafkajs can acknowledge in it what it did not write). It never gives up: what cannot be
 * sent is tried again for ever, and stays in its document meanwhile.
 */
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  readonly sources: OutboxSource[] = [];
  private readonly pending = new Map<string, Pending>();
  /** Aggregates whose partition cannot be told before Kafka was reached for the first time. */
  private waiting = new Set<Pending>();
  private memoryBytes = 0;
  private stopped = false;
  /** Something was left in MongoDB for want of memory: the sweep should not wait its turn. */
  private overflowed = false;
  private readonly receipts = new Receipts();
  private readonly shipping: Shipping;
  private readonly clearing: OutboxClearing;
  private readonly restoring: OrderRestoring;

  constructor(
    private readonly producer: KafkaProducer,
    private readonly metrics: MessagingMetrics,
    /** Bytes of events kept in memory, 32 MiB; the rest stays in MongoDB until the sweep reads it again (R4). */
    private readonly maxMemoryBytes = MAX_MEMORY_BYTES,
  ) {
    this.shipping = new Shipping(producer, metrics, {
      acknowledged: (shipment) => this.acknowledged(shipment),
      refused: (pending) => this.refused(pending),
      dropped: (waiting) => this.dropped(waiting),
      isCrowded: () => this.memoryBytes > maxMemoryBytes * CROWDED_SHARE,
    });
    this.restoring = new OrderRestoring({
      newestOf: (source, id) =>
        Math.max(this.pending.get(sourceKey(source, id))?.newest ?? 0, this.clearing.versionOf(source, id)),
      resend: (source, id, outbox) => this.resend(source, id, outbox),
    });
    this.clearing = new OutboxClearing(this.restoring);
    metrics.pendingEvents = () => this.pendingEvents;
    producer.onReady(() => this.assignWaiting());
  }

  /** Why the last request failed; undefined after one that did not. */
  get lastFailure(): string | undefined {
    return this.shipping.lastFailure;
  }

  /** A write of the collection met another one's version. */
  noteConflict(collection: string): void {
    this.metrics.conflicts.inc({ collection });
  }

  /** The contract's topic under its name on the cluster. Throws when nobody would send what a store publishes there. */
  ownedTopic(topic: Topic<unknown>, store: string): Topic<unknown> {
    const owned = this.producer.owned(topic);
    if (!owned) throw new Error(`${store} publishes on ${topic.name}, which this service does not own`);
    return owned;
  }

  register(source: OutboxSource): void {
    this.metrics.conflicts.inc({ collection: source.name }, 0);
    this.sources.push(source);
  }

  /** `outbox` is the document's whole outbox after a write. Never throws, never waits. */
  enqueue(source: OutboxSource, id: string, outbox: readonly OutboxEntry[]): void {
    if (this.stopped) return;
    // what this process had acknowledged stands in the document until it is cleared: it is not sent again
    if (this.hasRoomFor(source, id))
      this.take(source, id, { outbox, acknowledged: this.clearing.versionOf(source, id) });
    else this.overflowed = true;
  }

  private take(source: OutboxSource, id: string, { outbox, acknowledged }: Taken): void {
    const key = sourceKey(source, id);
    const pending = this.pending.get(key) ?? new Pending(source, id, acknowledged);
    this.memoryBytes += pending.merge(outbox);
    if (pending.entries.length === 0) return;
    this.pending.set(key, pending);
    this.place(pending);
  }

  /**
   * Sends events once more that were sent before, the newest one of the aggregate last; true when Kafka has them, false when
   * there is no room or others of the aggregate are on their way: then ask again, with its document as it is by then.
   */
  async republish(source: OutboxSource, id: string, events: readonly OutboxEntry[]): Promise<boolean> {
    const version = events.at(-1)?.version;
    if (version === undefined || this.stopped || this.holds(source, id) || !this.hasRoomFor(source, id)) return false;
    const sent = this.receipts.wait(sourceKey(source, id), version);
    this.resend(source, id, events);
    return sent;
  }

  holds(source: OutboxSource, id: string): boolean {
    return this.pending.has(sourceKey(source, id));
  }

  hasRoomFor(source: OutboxSource, id: string): boolean {
    if (this.memoryBytes <= this.maxMemoryBytes * FAILING_SHARE) return true;
    if (this.isFull || !source.topic) return false;
    const partition = this.producer.partitionFor(source.topic.name, id);
    return partition !== undefined && !this.shipping.isFailing(source.topic.name, partition);
  }

  /** Nothing finds room, whatever its partition. */
  get isFull(): boolean {
    return this.memoryBytes > this.maxMemoryBytes;
  }

  /** True once after something found no room and there is room again. */
  takeOverflow(): boolean {
    if (!this.overflowed || this.memoryBytes > this.maxMemoryBytes * FAILING_SHARE) return false;
    this.overflowed = false;
    return true;
  }

  get pendingEvents(): number {
    let events = 0;
    for (const pending of this.pending.values()) events += pending.entries.length;
    return events;
  }

  /** Waits until everything in memory is published and cleared, or for `deadlineMs`; true if it is. Then nothing is taken any more. */
  async drain(deadlineMs: number): Promise<boolean> {
    const until = performance.now() + deadlineMs;
    while (!this.idle && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    const drained = this.idle;
    this.stopped = true;
    this.shipping.stop();
    this.clearing.stop();
    this.restoring.stop();
    this.receipts.close();
    return drained;
  }

  private get idle(): boolean {
    return this.pending.size === 0 && this.shipping.idle && this.clearing.idle && this.restoring.idle;
  }

  /** R7: the newest event once more, because an older one may have become the last of its key. */
  private resend(source: OutboxSource, id: string, outbox: readonly OutboxEntry[]): void {
    this.metrics.resent.inc(outbox.length);
    // whatever the memory: its mark is gone, no sweep would bring it again
    if (!this.stopped) this.take(source, id, { outbox, acknowledged: 0 });
  }

  /** An aggregate keeps its partition as long as it is in memory: two lanes would send it side by side. */
  private place(pending: Pending): void {
    pending.partition ??= this.producer.partitionFor(pending.topic, pending.id);
    if (pending.partition === undefined) this.waiting.add(pending);
    else this.shipping.add(pending.partition, pending);
  }

  private assignWaiting(): void {
    const waiting = this.waiting;
    this.waiting = new Set();
    for (const pending of waiting) this.place(pending);
  }

  private acknowledged({ pending, entries }: Shipment): boolean {
    const version = entries.at(-1)?.version ?? 0;
    this.memoryBytes -= pending.acknowledge(version);
    this.receipts.sent(pending.key, version);
    const more = pending.entries.length > 0;
    if (!more) this.pending.delete(pending.key);
    this.clearing.add({ source: pending.source, id: pending.id, version, more });
    return more;
  }

  /** The event stays in its document, the sweep brings it again; others go on. */
  private refused(pending: Pending): void {
    this.logger.error(
      `${pending.id}: version ${pending.entries[0]?.version} is larger than ${pending.topic} accepts, it stays in the store`,
    );
    this.metrics.refused.inc();
    this.forget(pending);
  }

  private dropped(waiting: readonly Pending[]): void {
    this.overflowed = true;
    for (const pending of waiting) this.forget(pending);
  }

  /** An aggregate leaves whole, and is read again from its document (R4). */
  private forget(pending: Pending): void {
    this.memoryBytes -= pending.bytes;
    this.pending.delete(pending.key);
    this.receipts.dropped(pending.key);
  }
}
