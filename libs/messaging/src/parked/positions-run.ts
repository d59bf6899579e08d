import type { Retried } from '../consumer/batch-processor';
import type { RawRecord } from '../consumer/raw-record';
import { Unappliable } from '../incoming-event';
import { type PositionEntry, type PositionsChunk, spanOf } from './positions-chunk';

/** What became of positions when their records were read again. */
export interface PositionsReport {
  /** Applied now, or found to be needless. */
  readonly released: number;
  /** Put into their lanes, where they wait byte by byte. */
  readonly moved: number;
  /** Deleted by the topic's retention before they could be applied: only their owner has what they told. */
  readonly lost: number;
  readonly left: number;
  /** Why the rest could not be applied. */
  readonly reason?: string;
}

/** One redrive of a chunk: which of its records are still open. */
export class PositionsRun {
  /** Lanes of which a record stays where it is: nothing that only its place gives its order overtakes it. */
  readonly stuck = new Set<string>();
  private readonly open = new Set<number>();
  private readonly moved = new Set<number>();
  private readonly counts = { released: 0, moved: 0, lost: 0 };
  private reason: string | undefined;

  constructor(readonly chunk: PositionsChunk) {}

  begin(records: readonly RawRecord[]): void {
    for (const { origin } of records) this.open.add(Number(origin.offset));
  }

  applied({ raw }: Pick<Retried, 'raw'>): void {
    this.open.delete(Number(raw.origin.offset));
  }

  movedToLane({ raw }: Pick<Retried, 'raw'>): void {
    this.open.delete(Number(raw.origin.offset));
    this.moved.add(Number(raw.origin.offset));
  }

  stays({ lane, alone, outcome }: Retried): void {
    if (!alone) this.stuck.add(lane);
    if (outcome instanceof Unappliable) this.reason = outcome.reason;
  }

  /** Those of which nothing is open. */
  settled(entries: readonly PositionEntry[]): PositionEntry[] {
    const settled = entries.filter((entry) => !this.has(this.open, entry));
    const moved = settled.filter((entry) => this.has(this.moved, entry)).length;
    this.counts.moved += moved;
    this.counts.released += settled.length - moved;
    return settled;
  }

  lose(count: number): void {
    this.counts.lost += count;
  }

  report(entries: number): PositionsReport {
    const { released, moved, lost } = this.counts;
    const left = entries - released - moved - lost;
    return { ...this.counts, left, ...(left > 0 && { reason: this.reason ?? 'not tried yet' }) };
  }

  private has(offsets: ReadonlySet<number>, entry: PositionEntry): boolean {
    const { first, last } = spanOf(this.chunk, entry);
    return first === last ? offsets.has(last) : [...offsets].some((offset) => offset >= first && offset <= last);
  }
}
