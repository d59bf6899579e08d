/** An offset of a partition: the next one to be read. */
export interface NextOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Hears what a member of a group is about to tell the group's coordinator. */
export interface CommitListener {
  /** Awaited before these offsets are committed. Must not throw. */
  beforeCommit(offsets: readonly NextOffset[]): Promise<void>;
  /** The member goes on there, whatever it has read before. */
  sought(offset: NextOffset): void;
}

interface CommittedTopics {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number | string; readonly offset: string }[];
  }[];
}

interface OffsetManager {
  readonly memberId: string;
  uncommittedOffsets(): CommittedTopics;
  commitOffsets(offsets?: Partial<CommittedTopics>): Promise<void>;
  seek(to: { topic: string; partition: number; offset: string }): Promise<void>;
}

const listeners = new Map<string, CommitListener>();

/** `memberId`: as GROUP_JOIN tells it. Returns what ends the listening. */
export function listenToCommits(memberId: string, listener: CommitListener): () => void {
  listeners.set(memberId, listener);
  return () => {
    if (listeners.get(memberId) === listener) listeners.delete(memberId);
  };
}

/**
 * kafkajs tells of commits when they are done. To be applied to its OffsetManager once, before the first consumer: every
 * commit then waits for the member's listener, whatever leads to it (a batch, records that were filtered, the end).
 */
export function tellBeforeCommits(prototype: OffsetManager): void {
  const { commitOffsets, seek } = prototype;
  prototype.commitOffsets = async function (this: OffsetManager, offsets = {}) {
    const listener = listeners.get(this.memberId);
    if (!listener) return commitOffsets.call(this, offsets);
    const { topics = this.uncommittedOffsets().topics } = offsets;
    const next = topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({ topic, partition: Number(partition), offset: Number(offset) })),
    );
    if (next.length > 0) await listener.beforeCommit(next);
    return commitOffsets.call(this, { topics });
  };
  prototype.seek = async function (this: OffsetManager, to) {
    await seek.call(this, to);
    listeners.get(this.memberId)?.sought({ ...to, offset: Number(to.offset) });
  };
}
