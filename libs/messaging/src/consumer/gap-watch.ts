import { Logger } from '@nestjs/common';
import type { CommitListener, NextOffset } from '../kafka/before-commits';
import type { GroupLog } from '../kafka/group-logs';
import type { MessagingMetrics } from '../metrics';
import { compareOffsets, type Finding } from './gap';
import { type OwnOffsets, ownKey } from './own-offsets';
import type { SeekTo, Skipped } from './skip-watch';

const INTERVAL_MS = 30_000;

export interface GapWatchParts {
  /** All logs of the group's topics. */
  readonly read: () => Promise<readonly GroupLog[]>;
  readonly own: OwnOffsets;
  readonly metrics: MessagingMetrics;
  /** The consumer is to go on there. */
  readonly seek: (to: SeekTo) => void;
  /** Retention deleted records before they were applied. */
  readonly recordsGone: (topic: string, partition: number) => void;
}

/** Of a partition that this member has, since it joined. */
interface Held {
  readonly logId: string;
  /** Up to where the store has applied it, or where the consumer was sent back to. */
  next: number;
  /** It was sent back, and has not gone there yet. */
  isSought: boolean;
}

/**
 * Keeps the store's own offsets, and finds gaps between them and what the group has committed: when the group is shared out
 * anew, and every 30 s. The store's offset is written before the group's is committed, so that a committed offset above it was
 * not committed for this store: somebody moved the group, or another store's consumers are in it. A partition of this member
 * then goes back to the store's offset; of others' partitions only the metric tells.
 */
export class GapWatch implements CommitListener {
  static readonly intervalMs = INTERVAL_MS;
  private readonly logger = new Logger('KafkaConsumer');
  private assigned = new Set<string>();
  private readonly held = new Map<string, Held>();
  private look: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;

  constructor(private readonly parts: GapWatchParts) {}

  start(): void {
    this.timer = setTimeout(() => void this.turn(), INTERVAL_MS);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The group was shared out: nothing of a partition is applied before its offsets were compared. */
  joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    const keys = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => placeKey({ topic, partition })),
    );
    this.assigned = new Set(keys);
    this.held.clear();
    this.look = undefined;
    void this.compared().catch(() => undefined);
  }

  /**
   * Whether what was fetched from there on may be applied: nothing before it is missing in the store. Otherwise the consumer
   * was told to go back. Throws what keeps the offsets from being compared.
   */
  async isContinuous({ topic, partition, offset }: NextOffset): Promise<boolean> {
    const key = placeKey({ topic, partition });
    if (!this.held.has(key)) await this.compared();
    let held = this.held.get(key);
    if (held && offset > held.next && !held.isSought) {
      await this.comparedAnew();
      held = this.held.get(key);
    }
    if (!held) return false;
    if (offset > held.next) {
      this.parts.seek({ topic, partition, offset: held.next });
      return false;
    }
    held.isSought = false;
    return true;
  }

  /** What it cannot write now goes with the next write: until then the store's offset is too low, which does no harm. */
  async beforeCommit(offsets: readonly NextOffset[]): Promise<void> {
    const places = offsets.flatMap((each) => {
      const held = this.held.get(placeKey(each));
      if (!held || held.isSought) return [];
      held.next = Math.max(held.next, each.offset);
      return { ...each, id: held.logId };
    });
    if (places.length > 0) await this.parts.own.advance(places).catch((error: unknown) => this.warn(error));
  }

  sought(to: NextOffset): void {
    const held = this.held.get(placeKey(to));
    if (held && to.offset <= held.next) held.isSought = false;
  }

  /**
   * Operators have records passed over: where the store stands at them, it counts them as done. To be awaited before the
   * consumer goes on behind them. Throws what keeps the store from it.
   */
  async passOver(skips: readonly Skipped[]): Promise<void> {
    if (skips.length === 0) return;
    const logs = new Map((await this.parts.read()).map((log) => [placeKey(log), log.id]));
    for (const { topic, partition, offset, from } of skips) {
      const id = logs.get(placeKey({ topic, partition }));
      if (id === undefined) continue;
      await this.parts.own.passOver({ id, topic, partition, offset }, from);
      const held = this.held.get(placeKey({ topic, partition }));
      if (held && held.next >= from) held.next = Math.max(held.next, offset);
    }
  }

  private compared(): Promise<void> {
    const assigned = this.assigned;
    this.look ??= this.compare(assigned).catch((error: unknown) => {
      if (assigned === this.assigned) this.look = undefined;
      throw error;
    });
    return this.look;
  }

  private comparedAnew(): Promise<void> {
    this.look = undefined;
    return this.compared();
  }

  private async turn(): Promise<void> {
    await this.comparedAnew().catch((error: unknown) => this.warn(error));
    if (!this.stopped) this.start();
  }

  private async compare(assigned: ReadonlySet<string>): Promise<void> {
    // in this order: a store's offset is never below what its own consumers have committed before
    const logs = await this.parts.read();
    await this.parts.own.flush();
    const own = await this.parts.own.read(logs.map(({ id }) => id));
    // the group was shared out anew meanwhile: what was found may be true no more
    if (assigned !== this.assigned || this.stopped) return;
    const known = new Set(logs.filter((log) => own.has(ownKey(log))).map(({ id }) => id));
    for (const log of logs) {
      const finding = compareOffsets(log, own.get(ownKey(log)), known.has(log.id));
      await this.take(log, finding, own.get(ownKey(log)));
    }
  }

  private async take(log: GroupLog, finding: Finding, own: number | undefined): Promise<void> {
    const { topic, partition } = log;
    const key = placeKey(log);
    const isHeld = this.assigned.has(key);
    const offsets = finding.kind === 'gap' ? finding.committed - finding.own : 0;
    this.parts.metrics.gap({ topic, partition, offsets });
    if (finding.kind === 'first' || finding.kind === 'shortened') {
      await this.parts.own.put({ id: log.id, topic, partition, offset: finding.offset });
      if (isHeld) this.hold(key, log.id, Math.max(finding.offset, log.low));
      return;
    }
    if (!isHeld) return;
    if (finding.kind === 'continuous') return this.hold(key, log.id, Math.max(own ?? 0, log.low));
    this.tell(log, finding);
    if (finding.gone > 0) await this.parts.own.put({ id: log.id, topic, partition, offset: finding.goOnAt });
    this.held.set(key, { logId: log.id, next: finding.goOnAt, isSought: true });
    this.parts.seek({ topic, partition, offset: finding.goOnAt });
  }

  private hold(key: string, logId: string, next: number): void {
    const before = this.held.get(key);
    if (before?.logId === logId) before.next = Math.max(before.next, next);
    else this.held.set(key, { logId, next, isSought: false });
  }

  private tell({ topic, partition }: GroupLog, finding: Finding & { kind: 'gap' | 'forgotten' }): void {
    const { kind, goOnAt, gone } = finding;
    const place = `${topic}[${partition}]`;
    if (kind === 'gap') {
      this.parts.metrics.gaps.inc({ topic });
      const { committed, own } = finding;
      this.logger.warn(
        `${place}: the group has committed ${committed}, but this store has applied what is before ${own} only: the group was ` +
          `moved, or consumers with another store are in it. Going back to ${goOnAt}`,
      );
    } else {
      this.logger.warn(`${place}: the group has no offset any more, going on at ${goOnAt}, where this store ends`);
    }
    if (gone === 0) return;
    this.logger.error(`${place}: ${gone} offsets before ${goOnAt} are gone, see npm run reconcile`);
    this.parts.recordsGone(topic, partition);
  }

  private warn(error: unknown): void {
    if (this.failures++ % 10 === 0)
      this.logger.warn(`the group's offsets cannot be compared with the store's: ${String(error)}`);
  }
}

/** A key of memory only: the log's id is not asked for before the first comparison. */
function placeKey({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}:${partition}`;
}
