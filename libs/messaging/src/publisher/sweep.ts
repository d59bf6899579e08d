import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type AggregateDocument, documentId, idOf } from '../document';
import type { MessagingMetrics } from '../metrics';
import { isStoreTrouble } from '../mongo-errors';
import { unmark } from './outbox-clearing';
import { type OutboxSource, sourceKey } from './outbox-source';
import type { Publisher } from './publisher';

const MIN_INTERVAL_MS = 2_000;
const MAX_INTERVAL_MS = 30_000;
/** The sweep may cost a fiftieth of the time. */
const REST_FACTOR = 50;
/** A mark that did not change for so long belongs to nobody who is publishing it. */
const QUIET_MS = 2_000;
const MAX_MARKS = 5_000;
const STOP_DEADLINE_MS = 2_000;
/** Rule R5. */
const SURELY = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

interface Sighting {
  readonly mark: number;
  /** Of this process's monotonic clock. */
  readonly since: number;
}

/** Where the looks are at a source with more marks than one look takes. */
interface Page {
  /** The oldest mark; undefined: of all. */
  readonly from?: number | undefined;
  /** Of the first look at it. */
  readonly since?: number;
}

/**
 * Finds outboxes that a dead process, a full memory or a lost clear left behind, and hands them to the publisher. Every
 * instance runs it, without coordination: two of them make duplicates, never a loss. It compares no clocks: a mark is old
 * when this process saw it unchanged for 2 s of its own monotonic time.
 */
export class Sweep {
  /** In words. */
  static readonly interval = `${REST_FACTOR} times its last duration, ${MIN_INTERVAL_MS / 1000} to ${MAX_INTERVAL_MS / 1000} s`;
  private readonly logger = new Logger(Sweep.name);
  private seen = new Map<string, Sighting>();
  private readonly pages = new Map<OutboxSource, Page>();
  /** Mark, as the last look at the first page saw it: what is behind it is younger. */
  private readonly oldest = new Map<OutboxSource, number | undefined>();
  private readonly indexed = new Set<OutboxSource>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** In a row. */
  private failures = 0;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly publisher: Publisher,
    private readonly metrics: MessagingMetrics,
    /** Marks in one look, 5,000; where there are more, the next looks go on behind them. */
    private readonly maxMarks = MAX_MARKS,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.current, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
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
    const seen = new Map<string, Sighting>();
    let failed = false;
    for (const source of this.publisher.sources) {
      try {
        await this.look(source, seen);
      } catch (error) {
        failed = true;
        if (!isStoreTrouble(error)) this.logger.error({ msg: `the sweep of ${source.name} failed`, err: error });
      }
    }
    this.failures = failed ? this.failures + 1 : 0;
    this.schedule(failed ? this.patience() : this.rest(performance.now() - started));
    // a store that does not answer tells nothing new
    this.seen = failed ? new Map([...this.seen, ...seen]) : seen;
    const oldest = [...this.oldest.values()].flatMap((mark) => mark ?? []);
    if (!failed) this.metrics.swept(seen.size, oldest.length > 0 ? Math.min(...oldest) : undefined);
  }

  private rest(tookMs: number): number {
    if (this.publisher.takeOverflow()) return QUIET_MS;
    return Math.min(Math.max(MIN_INTERVAL_MS, tookMs * REST_FACTOR), MAX_INTERVAL_MS);
  }

  /** The time that a store does not answer is no cost of the sweep: what it left undone should not wait as if it were. */
  private patience(): number {
    return Math.min(MIN_INTERVAL_MS * 2 ** (this.failures - 1), MAX_INTERVAL_MS);
  }

  private async look(source: OutboxSource, seen: Map<string, Sighting>): Promise<void> {
    if (!source.topic) return;
    await this.index(source);
    const page = this.pages.get(source) ?? {};
    const marked = await this.marks(source, page.from);
    if (page.from === undefined) this.oldest.set(source, marked[0]?.outboxSince);
    const now = performance.now();
    const quiet: string[] = [];
    for (const { _id, outboxSince: mark = 0 } of marked) {
      const id = idOf(_id);
      const key = sourceKey(source, id);
      const before = this.seen.get(key);
      const since = before?.mark === mark ? before.since : now;
      seen.set(key, { mark, since });
      if (now - since >= QUIET_MS && !this.publisher.holds(source, id)) quiet.push(id);
    }
    await this.publish(source, quiet);
    this.pages.set(source, this.nextPage({ since: now, ...page }, now, marked));
  }

  private marks(source: OutboxSource, from: number | undefined): Promise<AggregateDocument[]> {
    return source.collection
      .find(
        { outboxSince: from === undefined ? { $exists: true } : { $gte: from } },
        { projection: { outboxSince: 1 }, ...SURELY },
      )
      .sort({ outboxSince: 1 })
      .limit(this.maxMarks)
      .toArray();
  }

  /**
   * Thousands of marks that stay, because their partition is dead, must not hide those behind them, whether their events are
   * in memory or found no room there. A page is left when it is known which of its marks are quiet.
   */
  private nextPage(
    { since, ...page }: Page & { since: number },
    now: number,
    marked: readonly AggregateDocument[],
  ): Page {
    if (now - since < QUIET_MS || this.publisher.isFull) return { since, ...page };
    return marked.length < this.maxMarks ? {} : { from: marked.at(-1)?.outboxSince };
  }

  /** Hands over what there is room for; the rest is found again on the next way round. */
  private async publish(source: OutboxSource, quiet: readonly string[]): Promise<void> {
    const ids = quiet.filter((id) => this.publisher.hasRoomFor(source, id));
    if (ids.length === 0) return;
    const found = source.collection.find(
      { _id: { $in: ids.map(documentId) } },
      { projection: { outbox: 1 }, batchSize: 100, ...SURELY },
    );
    let left = 0;
    const empty: AggregateDocument[] = [];
    for await (const document of found) {
      const { _id, outbox = [] } = document;
      if (outbox.length === 0) empty.push(document);
      else {
        this.publisher.enqueue(source, idOf(_id), outbox);
        left++;
      }
    }
    if (empty.length > 0) await source.collection.bulkWrite(empty.map(({ _id }) => unmark(_id)));
    if (left > 0) this.logger.log(`publishing what ${left} documents of ${source.name} still hold`);
    this.metrics.recovered.inc(left);
  }

  /** Without the index a sweep is slow, not wrong. */
  private async index(source: OutboxSource): Promise<void> {
    if (this.indexed.has(source)) return;
    try {
      await source.collection.createIndex(
        { outboxSince: 1 },
        { name: 'outbox', partialFilterExpression: { outboxSince: { $exists: true } } },
      );
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      this.logger.warn(`no index for the sweep of ${source.name}: ${String(error)}`);
    }
    this.indexed.add(source);
  }
}
