import { Logger } from '@nestjs/common';
import type { CommitListener, NextOffset } from '../kafka/before-commits';
import type { GroupLog } from '../kafka/group-logs';
import type { MessagingMetrics } from '../metrics';
import { partitionKey } from '../topic';
import { compareOffsets, type Finding } from './gap';
import { type LogPlace, type OwnOffsets, ownKey } from './own-offsets';
import type { SeekTo, Skipped } from './skip-watch';

const INTERVAL_MS = 30_000;

export interface GapWatchParts {
  /** All logs of the group's topics. */
  readonly read: () => Promise<readonly GroupLog[]>;
  readonly own: Pick<OwnOffsets, 'read' | 'flush' | 'advance' | 'begin' | 'move' | 'passOver'>;
  readonly metrics: Pick<MessagingMetrics, 'gap' | 'gaps'>;
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
  /** What is before it was applied before this member joined, or is older than its store: it is read again, and is no news. */
  readonly knownUntil: number;
  /** It was sent back, and has not gone there yet. */
  isSought: boolean;
}

/**
 * Keeps the store's own offsets, and finds gaps between them and what the group has committed: when the group is shared out
 * anew, and every 30 s. The store's offset is written before the group's is committed, so that a committed offset above it was
 * not committed for this store (or its write failed: then records are applied once more): somebody moved the group, or another
 * store's consumers are in it. A partition of this member then goes back to the store's offset; of others' partitions only the
 * metric tells.
 */
export class GapWatch implements CommitListener {
  static readonly intervalMs = INTERVAL_MS;
  private readonly logger = new Logger('KafkaConsumer');
  private assigned = new Set<string>();
  private held = new Map<string, Held>();
  /** What was held before the group was shared out anew: a batch of then may end now. */
  private former: ReadonlyMap<string, Held> = new Map();
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
      partitions.map((partition) => partitionKey({ topic, partition })),
    );
    this.assigned = new Set(keys);
    this.former = this.held;
    this.held = new Map();
    this.look = undefined;
    void this.compared().catch(() => undefined);
  }

  /**
   * Whether what was fetched from there on may be applied: nothing before it is missing in the store. Otherwise the consumer
   * was told to go back. Throws what keeps the offsets from being compared.
   */
  async isContinuous({ topic, partition, offset }: NextOffset): Promise<boolean> {
    const key = partitionKey({ topic, partition });
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

  /** Records of the partition before this offset are read again: how old they are says nothing of how fast events are delivered. */
  knownUntil(at: Pick<NextOffset, 'topic' | 'partition'>): number {
    return this.held.get(partitionKey(at))?.knownUntil ?? 0;
  }

  /** What it cannot write now goes with the next write: until then the store's offset is too low, which does no harm. */
  async beforeCommit(offsets: readonly NextOffset[]): Promise<void> {
    await this.areCompared(offsets).catch((error: unknown) => this.warn(error));
    const places = offsets.flatMap((each) => {
      const key = partitionKey(each);
      const held = this.assigned.has(key) ? this.held.get(key) : this.former.get(key);
      if (!held || held.isSought) return [];
      held.next = Math.max(held.next, each.offset);
      return { ...each, id: held.logId };
    });
    if (places.length > 0) await this.parts.own.advance(places).catch((error: unknown) => this.warn(error));
  }

  sought(to: NextOffset): void {
    const held = this.held.get(partitionKey(to));
    if (held && to.offset <= held.next) held.isSought = false;
  }

  /**
   * Operators have records passed over: where the store stands at them, it counts them as done. To be awaited before the
   * consumer goes on behind them. Throws what keeps the store from it.
   */
  async passOver(skips: readonly Skipped[]): Promise<void> {
    if (skips.length === 0) return;
    const logs = new Map((await this.parts.read()).map((log) => [partitionKey(log), log.id]));
    for (const { topic, partition, offset, from } of skips) {
      const id = logs.get(partitionKey({ topic, partition }));
      if (id === undefined) continue;
      await this.parts.own.passOver({ id, topic, partition, offset }, from);
      const held = this.held.get(partitionKey({ topic, partition }));
      if (held && held.next >= from) held.next = Math.max(held.next, offset);
    }
  }

  /**
   * A batch that ends after the group was shared out anew may be committed before its partition was compared. The comparison
   * has a connection of its own, and waits for nothing that a commit holds.
   */
  private async areCompared(offsets: readonly NextOffset[]): Promise<void> {
    const isOpen = (key: string) => this.assigned.has(key) && !this.held.has(key);
    let assigned: ReadonlySet<string> | undefined;
    // once more where it was shared out anew again meanwhile
    while (assigned !== this.assigned && offsets.some((each) => isOpen(partitionKey(each)))) {
      assigned = this.assigned;
      await this.compared();
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
    await this.comparedAnew().catch((error: unknown) => this.stopped || this.warn(error));
    if (!this.stopped) this.start();
  }

  private async compare(assigned: ReadonlySet<string>): Promise<void> {
    // in this order: a log's end is never below what was applied of it before, and a store's offset is never below what its
    // own consumers have committed before
    const before = await this.parts.own.read();
    const logs = await this.parts.read();
    await this.parts.own.flush();
    const own = await this.parts.own.read();
    // the group was shared out anew meanwhile: what was found may be true no more
    if (assigned !== this.assigned) return;
    const last = lastOf(logs.filter((log) => own.has(ownKey(log))));
    const findings = logs.map((log) => {
      const isAdded = log.partition > (last.get(log.id) ?? Infinity);
      const key = ownKey(log);
      return { log, own: own.get(key), found: compareOffsets(log, own.get(key), { before: before.get(key), isAdded }) };
    });
    await this.parts.own.begin(beginnings(findings));
    for (const each of findings) {
      if (assigned !== this.assigned) return;
      await this.take(each);
    }
  }

  private async take({ log, own, found }: Compared): Promise<void> {
    const { topic, partition } = log;
    const key = partitionKey(log);
    const offsets = found.kind === 'gap' ? found.committed - found.own : 0;
    this.parts.metrics.gap({ topic, partition, offsets });
    // what a partition's log has lost is the business of the member that has it, which stands behind it
    if (!this.assigned.has(key)) return;
    if (found.kind === 'first') {
      // the group has read this log, and the store knows nothing of it: it was lost, and is filled anew
      const knownUntil = log.committed === undefined ? 0 : log.end;
      return this.hold(key, { logId: log.id, next: Math.max(found.offset, log.low), knownUntil });
    }
    if (found.kind === 'continuous') {
      return this.hold(key, { logId: log.id, next: Math.max(own ?? 0, log.low), knownUntil: own ?? 0 });
    }
    if (found.kind === 'shortened') {
      const next = Math.max(found.offset, log.low);
      this.held.set(key, { logId: log.id, next, knownUntil: next, isSought: false });
      if (own !== undefined) await this.parts.own.move(placeOf(log, found.offset), own);
      return;
    }
    this.tell(log, found);
    this.held.set(key, { logId: log.id, next: found.goOnAt, knownUntil: found.goOnAt, isSought: true });
    this.parts.seek({ topic, partition, offset: found.goOnAt });
    if (found.gone > 0 && own !== undefined) await this.parts.own.move(placeOf(log, found.goOnAt), own);
  }

  private hold(key: string, { logId, next, knownUntil }: Omit<Held, 'isSought'>): void {
    const before = this.held.get(key);
    if (before?.logId === logId) before.next = Math.max(before.next, next);
    else this.held.set(key, { logId, next, knownUntil, isSought: false });
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

/** A partition's log, the store's own offset of it, and what they say. */
interface Compared {
  readonly log: GroupLog;
  readonly own: number | undefined;
  readonly found: Finding;
}

/**
 * What the store begins with. Of a write that is not finished, what is missing must look the same as before: of a topic that
 * is new to the store the last partition is written first, and of partitions that were added later the first one.
 */
function beginnings(all: readonly Compared[]): LogPlace[] {
  const none = all.filter(({ own }) => own === undefined).toSorted((a, b) => a.log.partition - b.log.partition);
  const isFirst = ({ found }: Compared) => found.kind === 'first';
  const first = none.filter(isFirst).toReversed();
  return [...first, ...none.filter((each) => !isFirst(each))].map(({ log, found }) =>
    placeOf(log, found.kind === 'first' ? found.offset : log.low),
  );
}

function placeOf({ id, topic, partition }: GroupLog, offset: number): LogPlace {
  return { id, topic, partition, offset };
}

/** The highest partition of each topic, by the id of its log. */
function lastOf(logs: readonly GroupLog[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { id, partition } of logs) last.set(id, Math.max(partition, last.get(id) ?? 0));
  return last;
}
