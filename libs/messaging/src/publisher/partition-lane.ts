import { entryBytes, type OutboxEntry } from '../outbox-entry';
import type { Pending } from './pending';

/** What one produce request takes along for one partition. Brokers refuse more than about 1 MiB a batch. */
export const MAX_BATCH_BYTES = 512 * 1024;
export const MAX_BATCH_MESSAGES = 500;

export interface Shipment {
  readonly pending: Pending;
  readonly entries: readonly OutboxEntry[];
}

/** The queue of one partition: at most one request of it is in flight, so that a later version never overtakes (R3). */
export class PartitionLane {
  private queue: Pending[] = [];
  private readonly queued = new Set<Pending>();
  flying = false;
  /** Between a failure and the next try. */
  resting = false;
  /** Consecutive failures. A lane that failed flies alone, so that a sick partition does not hold up the others. */
  failures = 0;
  /** Lowered when the broker finds a batch too large, raised again by success. */
  private maxMessages = MAX_BATCH_MESSAGES;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get ready(): boolean {
    return !this.flying && !this.resting && this.queue.length > 0;
  }

  get size(): number {
    return this.queue.length;
  }

  add(pending: Pending): void {
    if (this.queued.has(pending)) return;
    this.queued.add(pending);
    this.queue.push(pending);
  }

  /** Whole aggregates in turn, up to the caps; of an aggregate that is larger than the caps, its oldest events. */
  take(share: number): Shipment[] {
    const maxMessages = Math.min(share, this.maxMessages);
    const shipments: Shipment[] = [];
    let messages = 0;
    let bytes = 0;
    let taken = 0;
    for (const pending of this.queue) {
      const entries: OutboxEntry[] = [];
      for (const entry of pending.entries) {
        const size = entryBytes(entry);
        if (messages > 0 && (messages >= maxMessages || bytes + size > MAX_BATCH_BYTES)) break;
        entries.push(entry);
        messages++;
        bytes += size;
      }
      if (entries.length === 0 && pending.entries.length > 0) break;
      taken++;
      this.queued.delete(pending);
      if (entries.length > 0) shipments.push({ pending, entries });
      if (entries.length < pending.entries.length) break;
    }
    this.queue = this.queue.slice(taken);
    return shipments;
  }

  /** After a failed request: to the front again, in the same order. */
  putBack(shipments: readonly Shipment[]): void {
    const returning = shipments.map(({ pending }) => pending).filter((pending) => !this.queued.has(pending));
    for (const pending of returning) this.queued.add(pending);
    this.queue = [...returning, ...this.queue];
  }

  /** Everything that waits here, and leaves with this call. */
  empty(): Pending[] {
    const all = this.queue;
    this.queue = [];
    this.queued.clear();
    return all;
  }

  remove(pending: Pending): void {
    if (this.queued.delete(pending)) this.queue = this.queue.filter((each) => each !== pending);
  }

  succeeded(): void {
    this.failures = 0;
    this.maxMessages = Math.min(this.maxMessages + Math.ceil(this.maxMessages / 8), MAX_BATCH_MESSAGES);
  }

  halve(messages: number): void {
    this.maxMessages = Math.max(1, Math.floor(messages / 2));
  }
}
