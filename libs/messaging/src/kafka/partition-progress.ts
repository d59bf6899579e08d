import type { ConsumerPosition } from '../repair/consumer-positions';

/** A partition that stands for so long is told of: with the interval of looks it shows within a minute. */
export const STALLED_AFTER_MS = 45_000;

/** A partition that does not go on although it has records to read. */
export interface StandingPartition {
  readonly topic: string;
  readonly partition: number;
  /** Where it stands: the group has committed everything before. */
  readonly offset: number;
  /** Offsets from there to the end. */
  readonly behind: number;
  /** For how long it has been seen there, ms. */
  readonly forMs: number;
}

interface Seen {
  readonly at: ConsumerPosition;
  readonly since: number;
}

/**
 * Tells which partitions stand still, for whatever reason, from what the cluster says the group has committed: right also for
 * a partition that no instance has, or whose instance hangs. Markers of transactions count as read, see ConsumerSession.
 */
export class PartitionProgress {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What the cluster says; nothing (it did not answer) says nothing of the time before. */
  looked(positions: readonly ConsumerPosition[]): void {
    const before = new Map(this.seen);
    this.seen.clear();
    for (const at of positions) {
      const key = `${at.topic}:${at.partition}`;
      const last = before.get(key);
      const isAtEnd = at.committed >= at.end;
      const stood = last !== undefined && last.at.committed === at.committed && !isAtEnd;
      const wasAtEnd = last !== undefined && last.at.committed >= last.at.end;
      this.seen.set(key, { at, since: stood && !wasAtEnd ? last.since : this.now() });
    }
  }

  /** All partitions with something to read, and for how long they have stood where they are. */
  get standing(): StandingPartition[] {
    return [...this.seen.values()]
      .filter(({ at }) => at.committed < at.end)
      .map(({ at: { topic, partition, committed, end }, since }) => ({
        topic,
        partition,
        offset: committed,
        behind: end - committed,
        forMs: this.now() - since,
      }));
  }

  get stalled(): StandingPartition[] {
    return this.standing.filter(({ forMs }) => forMs >= STALLED_AFTER_MS);
  }

  /** The stalled partitions in a sentence; undefined where there is none. */
  get reason(): string | undefined {
    const stalled = this.stalled.map(
      ({ topic, partition, offset, behind, forMs }) =>
        `${topic}[${partition}] has stood at offset ${offset} for ${Math.round(forMs / 1000)} s, ${behind} before its end`,
    );
    return stalled.length === 0 ? undefined : stalled.slice(0, 5).join('; ');
  }
}
