import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { Logger } from '@nestjs/common';
import type { OutgoingMessage } from '../kafka/kafka-producer';
import type { MessagingMetrics } from '../metrics';
import { reached } from '../steps';
import { type Cargo, countOf, entriesOf, messagesOf } from './cargo';
import { Linger } from './linger';
import { inSendSpan } from './send-span';
import { MAX_BATCH_MESSAGES, PartitionLane, type Shipment } from './partition-lane';
import type { Pending } from './pending';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

export interface Sender {
  /** Resolves when every message is on all in-sync replicas; an error leaves open which of them are. */
  send(messages: Map<string, OutgoingMessage[]>): Promise<void>;
  saysTooLarge(error: unknown): boolean;
}

export interface Consignor {
  /** Kafka has these events; true when there are more of the aggregate to send. */
  acknowledged(shipment: Shipment): boolean;
  /** The topic takes no message as large as this aggregate's oldest event, not even alone. */
  refused(pending: Pending): void;
  /** Memory is short: then what waits for a partition that fails is dropped from it. */
  isCrowded(): boolean;
  dropped(waiting: readonly Pending[]): void;
}

/**
 * Sends what waits in the partitions' lanes: one request for all that are well, one each for those that failed last time,
 * never two at once for one partition, and under load some milliseconds apart. A request that fails is made again for ever, with a pause up to 5 s.
 */
export class Shipping {
  private readonly logger = new Logger('Publisher');
  private readonly lanes = new Map<string, PartitionLane>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private flights = 0;
  private groupFlight = false;
  private readonly linger = new Linger(() => this.depart());
  private scheduled = false;
  private stopped = false;
  lastFailure: string | undefined;

  constructor(
    private readonly sender: Sender,
    private readonly metrics: MessagingMetrics,
    private readonly consignor: Consignor,
  ) {}

  get idle(): boolean {
    return this.flights === 0;
  }

  add(partition: number, pending: Pending): void {
    this.lane(pending.topic, partition).add(pending);
    this.schedule();
  }

  /** Whether the partition's last request failed. */
  isFailing(topic: string, partition: number): boolean {
    return this.lane(topic, partition).failures > 0;
  }

  /** Requests in flight may still land; no other one departs. */
  stop(): void {
    this.stopped = true;
    this.linger.stop();
    for (const timer of this.timers) clearTimeout(timer);
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
    // of all that travel together, not of the one that was first
    context.with(ROOT_CONTEXT, () =>
      setImmediate(() => {
        this.scheduled = false;
        this.depart();
      }),
    );
  }

  private depart(): void {
    if (this.stopped) return;
    const ready = [...this.lanes.values()].filter((lane) => lane.ready);
    for (const lane of ready.filter(({ failures }) => failures > 0)) void this.fly([lane]);
    const healthy = ready.filter(({ failures }) => failures === 0);
    if (healthy.length === 0 || this.groupFlight || this.linger.holdsBack()) return;
    this.groupFlight = true;
    this.linger.departed();
    void this.fly(healthy).finally(() => {
      this.groupFlight = false;
      this.schedule();
    });
  }

  private async fly(lanes: readonly PartitionLane[]): Promise<void> {
    const share = Math.ceil(MAX_BATCH_MESSAGES / lanes.length);
    const cargo = new Map(lanes.map((lane) => [lane, lane.take(share)] as const));
    for (const [lane, shipments] of cargo) if (shipments.length === 0) cargo.delete(lane);
    if (cargo.size === 0) return;
    this.flights++;
    for (const lane of cargo.keys()) lane.flying = true;
    try {
      await this.metrics.timePublish(() => inSendSpan(entriesOf(cargo), () => this.sender.send(messagesOf(cargo))));
      const wait = reached('batch-acknowledged');
      if (wait) await wait;
      this.landed(cargo);
    } catch (error) {
      this.failed(cargo, error);
    } finally {
      for (const lane of cargo.keys()) lane.flying = false;
      this.flights--;
      this.schedule();
    }
  }

  private landed(cargo: Cargo): void {
    this.lastFailure = undefined;
    for (const [lane, shipments] of cargo) {
      lane.succeeded();
      for (const shipment of shipments) {
        this.metrics.published.inc(shipment.entries.length);
        for (const { occurredAt, resent } of shipment.entries) if (!resent) this.metrics.acknowledged(occurredAt);
        if (this.consignor.acknowledged(shipment)) lane.add(shipment.pending);
        else lane.remove(shipment.pending);
      }
    }
  }

  private failed(cargo: Cargo, error: unknown): void {
    this.lastFailure = error instanceof Error ? error.message : String(error);
    const tooLarge = this.sender.saysTooLarge(error);
    for (const [lane, shipments] of cargo) {
      lane.failures++;
      lane.putBack(shipments);
      if (!tooLarge) this.rest(lane);
      // which of several partitions it was is not said: each flies alone next
      else if (cargo.size === 1) this.makeSmaller(lane, shipments);
    }
  }

  private makeSmaller(lane: PartitionLane, shipments: readonly Shipment[]): void {
    const messages = countOf(shipments);
    if (messages > 1 || !shipments[0]) {
      lane.halve(messages);
      return;
    }
    lane.remove(shipments[0].pending);
    this.consignor.refused(shipments[0].pending);
  }

  private rest(lane: PartitionLane): void {
    if (this.stopped) return;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(lane.failures, 10), MAX_RETRY_MS);
    const where = `${lane.topic}[${lane.partition}]`;
    this.logger.warn(`${where}: ${lane.size} aggregates wait, next try in ${delay} ms: ${this.lastFailure}`);
    if (this.consignor.isCrowded()) this.consignor.dropped(lane.empty());
    lane.resting = true;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      lane.resting = false;
      this.depart();
    }, delay);
    timer.unref();
    this.timers.add(timer);
  }
}
