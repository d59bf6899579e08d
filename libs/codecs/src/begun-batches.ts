import { MAX_REMEMBERED_BYTES, REMEMBERED_FOR_MS } from './limits';

/** A batch of which one response did not yield all records: where the next one goes on. */
export interface BegunBatch {
  /** Tells the batch from any other one of its partition. */
  readonly id: string;
  /** What the batch was inflated to; undefined where it is not compressed. */
  readonly inflated: Buffer | undefined;
  /** How many of its records were yielded or passed. */
  readonly index: number;
  /** Where the next record begins, in the inflated bytes or in the batch. */
  readonly at: number;
  /** The offset of the record before. */
  readonly last: number;
}

interface Remembered {
  readonly batch: BegunBatch;
  readonly since: number;
}

/**
 * Remembers the batch that each partition is in the middle of, so that the next fetch, which brings the whole batch again,
 * neither inflates it anew nor passes what was read before. At most one batch a partition, 16 MiB together, a minute each.
 */
export class BegunBatches {
  private readonly byPartition = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get isEmpty(): boolean {
    return this.byPartition.size === 0;
  }

  /** Where to go on in this batch; undefined where it is not remembered. Whatever else was remembered of the partition is forgotten. */
  take(partition: string, id: string): BegunBatch | undefined {
    this.forgetOld();
    const batch = this.byPartition.get(partition)?.batch;
    this.forget(partition);
    return batch?.id === id ? batch : undefined;
  }

  /** Replaces what was remembered of the partition. The oldest of other partitions are forgotten where all are too large. */
  remember(partition: string, batch: BegunBatch): void {
    this.forget(partition);
    this.byPartition.set(partition, { batch, since: this.now() });
    this.bytes += sizeOf(batch);
    for (const oldest of this.byPartition.keys()) {
      if (this.bytes <= MAX_REMEMBERED_BYTES) break;
      this.forget(oldest);
    }
  }

  /** A partition that this process has no more, or that stands, holds no memory for long. */
  private forgetOld(): void {
    const since = this.now() - REMEMBERED_FOR_MS;
    for (const [partition, remembered] of this.byPartition) {
      if (remembered.since >= since) break;
      this.forget(partition);
    }
  }

  private forget(partition: string): void {
    const remembered = this.byPartition.get(partition);
    if (!remembered) return;
    this.byPartition.delete(partition);
    this.bytes -= sizeOf(remembered.batch);
  }
}

function sizeOf({ inflated }: BegunBatch): number {
  return inflated?.length ?? 0;
}
