import type { GroupLog } from '../kafka/group-logs';

/** What the comparison of a group's committed offset with a store's own one says. */
export type Finding =
  /** The group goes on where the store ends, or before it: what comes twice is known by its version. */
  | { readonly kind: 'continuous' }
  /** Nothing is known of this log: the store begins with what the group has. */
  | { readonly kind: 'first'; readonly offset: number }
  /** The log ends before the store's offset: it lost its end. The store's offset has to be lowered. */
  | { readonly kind: 'shortened'; readonly offset: number }
  /** The group has no offset any more: it goes on at the store's. */
  | { readonly kind: 'forgotten'; readonly goOnAt: number; readonly gone: number }
  /** The group is past records that this store never applied: it goes back to them. */
  | {
      readonly kind: 'gap';
      readonly committed: number;
      readonly own: number;
      readonly goOnAt: number;
      readonly gone: number;
    };

/** What else is known of a partition in the store. */
export interface StoreView {
  /** Its own offset as it was before the log was read; undefined where there was none. */
  readonly before: number | undefined;
  /** The store has offsets of other partitions of the topic, all of lower numbers, so this one was added later. */
  readonly isAdded: boolean;
}

/**
 * Compares them. `own` is up to where the store has applied the log (exclusive), read after the log; undefined where it has no
 * record of it. `gone` counts offsets that retention deleted before they were applied.
 */
export function compareOffsets(log: GroupLog, own: number | undefined, { before, isAdded }: StoreView): Finding {
  const { low, end, committed } = log;
  if (own === undefined && !isAdded) return { kind: 'first', offset: committed ?? low };
  const applied = own ?? low;
  // what was written and applied since the end was read makes `own` alone higher
  if (applied > end && before !== undefined && before > end) {
    return { kind: 'shortened', offset: committed === undefined ? low : Math.min(committed, end) };
  }
  const goOnAt = Math.max(applied, low);
  const gone = goOnAt - applied;
  if (committed !== undefined) {
    return committed > applied ? { kind: 'gap', committed, own: applied, goOnAt, gone } : { kind: 'continuous' };
  }
  // of a topic that may be another one by now, its own offset says nothing: the group begins at the beginning
  if (!log.isSure || (goOnAt === low && gone === 0)) return { kind: 'continuous' };
  return { kind: 'forgotten', goOnAt, gone };
}
