import { createHash } from 'node:crypto';
import type { mongo } from 'mongoose';

/** How many offsets share one document: about 28 bytes an entry, so that a full one stays under 30 KiB. */
export const CHUNK_OFFSETS = 1_000;

/** One record that is known by its position only; its topic keeps the bytes. About 28 bytes in the store. */
export interface PositionEntry {
  /** Its offset, counted from the first one of the chunk: 0 to 999. */
  readonly o: number;
  /** The hash of its lane, see `laneHash`. */
  readonly l: number;
}

/** What is known of the few positions that are more than the overflow of a lane. */
export interface PositionFacts {
  /** Why it is kept by its position: at most 300 characters. */
  readonly reason: string;
  /** Bytes it takes on its topic; only of a record that could not be opened within bounds. */
  readonly sizeBytes?: number;
  /** SHA-256 (hex) of those bytes. */
  readonly sha256?: string;
  /** The first offset, where a whole batch could not be opened; the entry has the last. */
  readonly first?: number;
  /** The operator who had the record skipped unread; such a position is redriven by hand only. */
  readonly skippedBy?: string;
}

/** Positions of one partition whose offsets have the same thousands. `_id` is topic#partition#chunk, so that appending again adds nothing. */
export interface PositionsChunk {
  _id: string;
  topic: string;
  partition: number;
  chunk: number;
  entries: PositionEntry[];
  /** By `o`, as text. */
  facts?: Record<string, PositionFacts>;
  /** Of the records, epoch ms: the topic removes none of them before this time plus its retention. */
  oldest: number;
  /** Why the latest one was kept, or could not be applied. */
  reason: string;
  parkedAt: Date;
  /** Redrives in a row that released nothing. */
  attempts: number;
  /** null: only a person redrives it, or a later event of one of its aggregates. */
  nextAttemptAt: Date | null;
  /** It holds a record that was skipped unread: reading it may end the process, so that nothing but a person has it read. */
  byHand?: boolean;
}

export type PositionsCollection = mongo.Collection<PositionsChunk>;

/** A partition's position, as operators name it. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Positions of a partition from one offset to another, both included. */
export interface PositionRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export function chunkOf(offset: number): number {
  return Math.floor(offset / CHUNK_OFFSETS);
}

export function chunkId({ topic, partition, offset }: Position): string {
  return `${topic}#${partition}#${chunkOf(offset)}`;
}

export function offsetOf({ chunk }: Pick<PositionsChunk, 'chunk'>, { o }: Pick<PositionEntry, 'o'>): number {
  return chunk * CHUNK_OFFSETS + o;
}

/**
 * 52 bits of a lane's SHA-256, because a number is exact up to 53 bits. Two lanes that share one wait for
 * each other without need; nothing else comes of it.
 */
export function laneHash(lane: string): number {
  const digest = createHash('sha256').update(lane).digest();
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4);
}

/** Where an entry begins and ends: the same offset, but for a batch that could not be opened. */
export function spanOf(chunk: PositionsChunk, entry: PositionEntry): Span {
  const last = offsetOf(chunk, entry);
  return { first: chunk.facts?.[String(entry.o)]?.first ?? last, last };
}

/** The entries that a range touches, in the order of their offsets. */
export function entriesIn(chunk: PositionsChunk, { from, to }: Pick<PositionRange, 'from' | 'to'>): PositionEntry[] {
  return chunk.entries
    .filter((entry) => {
      const { first, last } = spanOf(chunk, entry);
      return first <= to && last >= from;
    })
    .toSorted((a, b) => a.o - b.o);
}

export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Neighbours put together, ascending: 1, 2, 3 and 7 are 1 to 3 and 7 to 7. */
export function runsOf(spans: readonly Span[]): Span[] {
  const runs: { first: number; last: number }[] = [];
  for (const { first, last } of spans) {
    const run = runs.at(-1);
    if (run && first <= run.last + 1) run.last = Math.max(run.last, last);
    else runs.push({ first, last });
  }
  return runs;
}
