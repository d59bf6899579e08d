import type { ConsumerPosition } from '../repair/consumer-positions';
import { partitionKey } from '../topic';

/** A partition that does not go on although there is something behind. */
export interface StandingPartition {
  readonly topic: string;
  readonly partition: number;
  /** The offset it stands at. */
  readonly offset: number;
  /** Offsets from there to the end. */
  readonly behind: number;
  /** For how long it has been seen there, ms. */
  readonly forMs: number;
}

/** From where to where a partition is to come. */
export type SpanOf = (position: ConsumerPosition) => { readonly at: number; readonly until: number };

interface Seen {
  readonly topic: string;
  readonly partition: number;
  readonly at: number;
  readonly until: number;
  readonly since: number;
}

/** Tells since when partitions stand at an offset, from looks at the cluster. */
export class StandingPartitions {
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly spanOf: SpanOf,
    private readonly now: () => number,
  ) {}

  /** What the cluster says; nothing (it did not answer) says nothing of the time before. */
  looked(positions: readonly ConsumerPosition[]): void {
    const before = new Map(this.seen);
    this.seen.clear();
    for (const position of positions) {
      const { topic, partition } = position;
      const { at, until } = this.spanOf(position);
      const key = partitionKey(position);
      const last = before.get(key);
      const stood = last !== undefined && last.at === at && last.at < last.until && at < until;
      this.seen.set(key, { topic, partition, at, until, since: stood ? last.since : this.now() });
    }
  }

  /** All partitions with something behind, and for how long they have stood where they are. */
  get all(): StandingPartition[] {
    return [...this.seen.values()]
      .filter(({ at, until }) => at < until)
      .map(({ topic, partition, at, until, since }) => ({
        topic,
        partition,
        offset: at,
        behind: until - at,
        forMs: this.now() - since,
      }));
  }
}
