import { Logger } from '@nestjs/common';
import { documentId, idOf } from '../document';
import { isStoreTrouble } from '../mongo-errors';
import type { MessagingMetrics } from '../metrics';
import { unmark } from './outbox-clearing';
import type { OutboxSource, Publisher } from './publisher';

const MIN_INTERVAL_MS = 2_000;
const MAX_INTERVAL_MS = 30_000;
/** The sweep may cost a fiftieth of the time. */
const REST_FACTOR = 50;
/** A mark that did not change for so long belongs to nobody who is publishing it. */
const QUIET_MS = 2_000;
const MAX_MARKS = 1_000;

/**
 * Finds outboxes that a dead process, a full memory or a lost clear left behind, and hands them to the publisher. Every
 * instance runs it, without coordination: two of them make duplicates, never a loss. It compares no clocks: a mark is old
 * when this process saw it unchanged for 2 s of its own monotonic time. Reads with read concern majority (R5).
 */
export class Sweep {
  private readonly logger = new Logger(Sweep.name);
  private seen = new Map<string, { mark: number; since: number }>();
  private readonly indexed = new Set<OutboxSource>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly publisher: Publisher,
    private readonly metrics: MessagingMetrics,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.current = this.run();
    }, delayMs);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    const started = performance.now();
    try {
      const seen = new Map<string, { mark: number; since: number }>();
      let oldest: number | undefined;
      for (const source of this.publisher.sources) {
        const marks = await this.sweep(source, seen);
        if (marks !== undefined && (oldest === undefined || marks < oldest)) oldest = marks;
      }
      this.seen = seen;
      this.metrics.swept(seen.size, oldest);
    } catch (error) {
      if (!isStoreTrouble(error)) this.logger.error('the sweep failed', error);
    }
    const rest = (performance.now() - started) * REST_FACTOR;
    const wait = Math.min(Math.max(MIN_INTERVAL_MS, rest), MAX_INTERVAL_MS);
    this.schedule(this.publisher.takeOverflow() ? QUIET_MS : wait);
  }

  /** Returns the oldest mark. */
  private async sweep(
    source: OutboxSource,
    seen: Map<string, { mark: number; since: number }>,
  ): Promise<number | undefined> {
    if (!source.topic) return undefined;
    await this.index(source);
    const marked = await source.collection
      .find({ outboxSince: { $exists: true } }, { projection: { outboxSince: 1 }, readConcern: { level: 'majority' } })
      .sort({ outboxSince: 1 })
      .limit(MAX_MARKS)
      .toArray();
    const now = performance.now();
    const quiet: string[] = [];
    for (const { _id, outboxSince: mark = 0 } of marked) {
      const id = idOf(_id);
      const key = `${source.name}\n${id}`;
      const before = this.seen.get(key);
      const since = before?.mark === mark ? before.since : now;
      seen.set(key, { mark, since });
      if (now - since >= QUIET_MS && !this.publisher.holds(source, id)) quiet.push(id);
    }
    await this.publish(source, quiet);
    return marked[0]?.outboxSince;
  }

  private async publish(source: OutboxSource, ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const documents = await source.collection
      .find(
        { _id: { $in: ids.map(documentId) } },
        { projection: { outbox: 1 }, readConcern: { level: 'majority' }, readPreference: 'primary' },
      )
      .toArray();
    const empty = documents.filter(({ outbox }) => !outbox?.length);
    if (empty.length > 0) await source.collection.bulkWrite(empty.map(({ _id }) => unmark(_id)));
    const left = documents.filter(({ outbox }) => outbox?.length);
    if (left.length > 0) this.logger.log(`publishing what ${left.length} documents of ${source.name} still hold`);
    this.metrics.recovered.inc(left.length);
    for (const { _id, outbox = [] } of left) this.publisher.enqueue(source, idOf(_id), outbox);
  }

  private async index(source: OutboxSource): Promise<void> {
    if (this.indexed.has(source)) return;
    await source.collection.createIndex(
      { outboxSince: 1 },
      { name: 'outbox', partialFilterExpression: { outboxSince: { $exists: true } } },
    );
    this.indexed.add(source);
  }
}
