import type { ConsumerPosition } from '../repair/consumer-positions';
import { type StandingPartition, StandingPartitions } from './standing-partitions';

/** A partition that stands for so long is told of: with the interval of looks it shows within a minute. */
export const STALLED_AFTER_MS = 45_000;
/** A transaction that is open for so long is told of: the default of Kafka's own producers, after which brokers abort it. */
export const HELD_BACK_AFTER_MS = 60_000;
/** A sentence that names more helps nobody. */
const MAX_NAMED = 5;

/**
 * Tells which partitions do not go on, for whatever reason, from what the cluster says of the group and of the log: right also
 * for a partition that no instance has, or whose instance hangs. Markers of transactions count as read (kafkajs-repairs.ts).
 */
export class PartitionProgress {
  private readonly unread: StandingPartitions;
  private readonly unstable: StandingPartitions;

  constructor(now: () => number = () => performance.now()) {
    this.unread = new StandingPartitions(({ committed, end }) => ({ at: committed, until: end }), now);
    this.unstable = new StandingPartitions(({ end, highWatermark }) => ({ at: end, until: highWatermark }), now);
  }

  /** What the cluster says; nothing (it did not answer) says nothing of the time before. */
  looked(positions: readonly ConsumerPosition[]): void {
    this.unread.looked(positions);
    this.unstable.looked(positions);
  }

  /** All partitions with something to read, and for how long their group has stood where it is. */
  get standing(): StandingPartition[] {
    return this.unread.all;
  }

  /** All partitions with an open transaction, and for how long it has held back what is behind its beginning. */
  get waiting(): StandingPartition[] {
    return this.unstable.all;
  }

  get stalled(): StandingPartition[] {
    return this.standing.filter(({ forMs }) => forMs >= STALLED_AFTER_MS);
  }

  /** Partitions that an open transaction has held back for 60 s. */
  get heldBack(): StandingPartition[] {
    return this.waiting.filter(({ forMs }) => forMs >= HELD_BACK_AFTER_MS);
  }

  /** The stalled partitions in a sentence; undefined where there is none. */
  get stalledReason(): string | undefined {
    const told = this.stalled.map(
      ({ topic, partition, offset, behind, forMs }) =>
        `${topic}[${partition}] has stood at offset ${offset} for ${secondsOf(forMs)} s, ${behind} before its end`,
    );
    return sentence(told);
  }

  /** The partitions that are held back in a sentence; undefined where there is none. */
  get heldBackReason(): string | undefined {
    const told = this.heldBack.map(
      ({ topic, partition, offset, behind, forMs }) =>
        `a transaction that began at offset ${offset} of ${topic}[${partition}] has been open for ${secondsOf(forMs)} s, ${behind} offsets wait for its end`,
    );
    return sentence(told);
  }
}

function secondsOf(ms: number): number {
  return Math.round(ms / 1000);
}

function sentence(told: readonly string[]): string | undefined {
  return told.length === 0 ? undefined : told.slice(0, MAX_NAMED).join('; ');
}
