import { Logger } from '@nestjs/common';
import { type AggregateDocument, type NativeCollection } from '../document';
import type { MessagingMetrics } from '../metrics';
import { type NewEvent, type OutboxEntry, recordHeaders } from '../outbox-entry';
import { reached } from '../steps';
import type { Topic } from '../topic';
import type { KafkaProducer, OutgoingMessage } from '../kafka/kafka-producer';
import { OutboxClearing } from './outbox-clearing';
import { MAX_BATCH_MESSAGES, PartitionLane, type Shipment } from './partition-lane';
import { Pending, pendingKey } from './pending';

/** Where outboxes live: an aggregate store. */
export interface OutboxSource {
  readonly name: string;
  readonly topic: Topic<unknown> | undefined;
  readonly collection: NativeCollection;
  snapshot(document: AggregateDocument): NewEvent | undefined;
}

/** Bytes of events kept in memory; the rest stays in MongoDB until the sweep reads it again (R4). */
const MAX_MEMORY_BYTES = 32 * 1024 * 1024;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

/**
 * Takes outboxes to Kafka: at least once, the events of an aggregate in version order, one request in flight a partition,
 * without Kafka's idempotent mode (kafkajs can acknowledge in it what it did not write). It never gives up: what cannot be
 * sent is tried again for ever, and stays in its document meanwhile.
 */
export class Publisher {
  private readonly logger = new Logger(Publisher.name);
  readonly sources: OutboxSource[] = [];
  private readonly pending = new Map<string, Pending>();
  private readonly lanes = new Map<string, PartitionLane>();
  /** Aggregates whose partition cannot be told before Kafka was reached for the first time. */
  private waiting: Pending[] = [];
  private memoryBytes = 0;
  private flights = 0;
  private groupFlight = false;
  private scheduled = false;
  private stopped = false;
  /** Something was left in MongoDB for want of memory: the sweep should not wait its turn. */
  private overflowed = false;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly clearing: OutboxClearing;
  lastFailure: string | undefined;

  constructor(
    private readonly producer: KafkaProducer,
    private readonly metrics: MessagingMetrics,
  ) {
    this.clearing = new OutboxClearing({
      newestInMemory: (source, id) => this.pending.get(pendingKey(source, id))?.newest,
      resend: (source, id, outbox) => this.resend(source, id, outbox),
    });
    metrics.pendingEvents = () => this.pendingEvents;
    producer.onReady(() => this.assignWaiting());
  }

  register(source: OutboxSource): void {
    this.sources.push(source);
  }

  /** `outbox` is the document's whole outbox after a write. Never throws, never waits. */
  enqueue(source: OutboxSource, id: string, outbox: readonly OutboxEntry[]): void {
    if (this.stopped) return;
    const key = pendingKey(source, id);
    let pending = this.pending.get(key);
    if (this.memoryBytes > MAX_MEMORY_BYTES) {
      this.overflowed = true;
      return;
    }
    if (!pending) {
      pending = new Pending(source, id);
      this.pending.set(key, pending);
    }
    const added = pending.merge(outbox);
    this.memoryBytes += added;
    if (added > 0 || pending.entries.length > 0) this.place(pending);
  }

  holds(source: OutboxSource, id: string): boolean {
    return this.pending.has(pendingKey(source, id));
  }

  /** True once after memory ran full and has room again. */
  takeOverflow(): boolean {
    if (!this.overflowed || this.memoryBytes > MAX_MEMORY_BYTES / 2) return false;
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
    for (const timer of this.timers) clearTimeout(timer);
    return drained;
  }

  private get idle(): boolean {
    return this.pending.size === 0 && this.flights === 0 && this.clearing.idle;
  }

  /** R7: the newest event once more, because an older one may have become the last of its key. */
  private resend(source: OutboxSource, id: string, outbox: readonly OutboxEntry[]): void {
    this.metrics.resent.inc(outbox.length);
    this.enqueue(source, id, outbox);
  }

  private place(pending: Pending): void {
    const topic = pending.source.topic?.name ?? '';
    const partition = this.producer.partitionFor(topic, pending.id);
    if (partition === undefined) {
      if (!this.waiting.includes(pending)) this.waiting.push(pending);
      return;
    }
    this.lane(topic, partition).add(pending);
    this.schedule();
  }

  private assignWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const pending of waiting) this.place(pending);
    this.schedule();
  }

  private lane(topic: string, partition: number): PartitionLane {
    const key = `${topic}:${partition}`;
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = new PartitionLane(topic, partition);
      this.lanes.set(key, lane);
    }
    return lane;
  }

  /** What is written in the same turn of the event loop travels together. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.depart();
    });
  }

  private depart(): void {
    if (this.stopped) return;
    const ready = [...this.lanes.values()].filter((lane) => lane.ready);
    for (const lane of ready.filter(({ failures }) => failures > 0)) void this.fly([lane]);
    const healthy = ready.filter(({ failures }) => failures === 0);
    if (healthy.length === 0 || this.groupFlight) return;
    this.groupFlight = true;
    void this.fly(healthy).finally(() => {
      this.groupFlight = false;
      this.schedule();
    });
  }

  private async fly(lanes: PartitionLane[]): Promise<void> {
    const cargo = new Map<PartitionLane, Shipment[]>();
    const share = Math.ceil(MAX_BATCH_MESSAGES / lanes.length);
    for (const lane of lanes) {
      const shipments = lane.take(Math.min(share, lane.maxMessages));
      if (shipments.length > 0) cargo.set(lane, shipments);
    }
    if (cargo.size === 0) return;
    this.flights++;
    for (const lane of cargo.keys()) lane.flying = true;
    try {
      await this.metrics.timePublish(() => this.producer.send(messagesOf(cargo)));
      const wait = reached('batch-acknowledged');
      if (wait) await wait;
      for (const [lane, shipments] of cargo) this.landed(lane, shipments);
      this.lastFailure = undefined;
    } catch (error) {
      for (const [lane, shipments] of cargo) this.failed(lane, shipments, error);
    } finally {
      for (const lane of cargo.keys()) lane.flying = false;
      this.flights--;
      this.schedule();
    }
  }

  private landed(lane: PartitionLane, shipments: readonly Shipment[]): void {
    lane.failures = 0;
    lane.maxMessages = Math.min(lane.maxMessages * 2, MAX_BATCH_MESSAGES);
    for (const { pending, entries } of shipments) {
      const version = entries.at(-1)?.version ?? 0;
      this.memoryBytes -= pending.acknowledge(version);
      this.metrics.published.inc(entries.length);
      const more = pending.entries.length > 0;
      if (more) lane.add(pending);
      else this.pending.delete(pending.key);
      this.clearing.add({ source: pending.source, id: pending.id, version, more });
    }
  }

  private failed(lane: PartitionLane, shipments: readonly Shipment[], error: unknown): void {
    lane.failures++;
    this.lastFailure = error instanceof Error ? error.message : String(error);
    const messages = shipments.reduce((sum, { entries }) => sum + entries.length, 0);
    if (this.producer.saysTooLarge(error) && messages === 1 && shipments[0]) {
      this.setAside(shipments[0].pending);
      return;
    }
    if (this.producer.saysTooLarge(error)) lane.maxMessages = Math.max(1, Math.floor(messages / 2));
    lane.putBack(shipments);
    lane.resting = true;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(lane.failures, 10), MAX_RETRY_MS);
    this.logger.warn(
      `${lane.topic}[${lane.partition}]: ${messages} events wait, next try in ${delay} ms: ${this.lastFailure}`,
    );
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      lane.resting = false;
      this.depart();
    }, delay);
    this.timers.add(timer);
  }

  /** An event that the topic's own limit refuses: it stays in its document, the sweep brings it again, others go on. */
  private setAside(pending: Pending): void {
    this.logger.error(
      `${pending.id}: version ${pending.entries[0]?.version} is larger than ${pending.source.topic?.name} accepts`,
    );
    this.metrics.refused.inc();
    this.memoryBytes -= pending.bytes;
    this.pending.delete(pending.key);
  }
}

function messagesOf(cargo: Map<PartitionLane, Shipment[]>): Map<string, OutgoingMessage[]> {
  const byTopic = new Map<string, OutgoingMessage[]>();
  for (const [lane, shipments] of cargo) {
    const messages = byTopic.get(lane.topic) ?? [];
    byTopic.set(lane.topic, messages);
    for (const { pending, entries } of shipments) {
      for (const entry of entries) {
        messages.push({
          key: pending.id,
          value: entry.value,
          partition: lane.partition,
          headers: recordHeaders(entry, pending.id),
        });
      }
    }
  }
  return byTopic;
}
