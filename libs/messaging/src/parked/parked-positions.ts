import type { Connection, mongo } from 'mongoose';
import type { RawRecord } from '../consumer/raw-record';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { refusedAsDuplicates } from '../mongo-errors';
import { positionsOf } from './collections';
import { LanesGuess } from './lanes-guess';
import {
  chunkId,
  chunkOf,
  CHUNK_OFFSETS,
  laneHash,
  type Position,
  type PositionFacts,
  type PositionRange,
  type PositionsChunk,
  type PositionsCollection,
} from './positions-chunk';
import { redriveDelayMs } from './redrive-delay';

const MAX_APPENDS = 20;
/** So many hashes are looked up at a time, and so many chunks are listed. */
const MAX_HASHES = 500;
/** Of so many chunks one entry each is read in one request. */
const CHUNKS_AT_ONCE = 100;

/** A record to be kept by its position. */
export interface Kept {
  readonly lane: string;
  readonly raw: RawRecord;
  readonly reason: string;
  readonly facts?: PositionFacts;
  /** Its records were decoded before: some may be in lanes. */
  readonly mayBeInLanes?: true;
}

/** A redrive of a chunk. */
export interface Try {
  /** Other instances leave the chunk alone for so long. */
  readonly forMs: number;
  /** After so many that released nothing only a person redrives it. */
  readonly maxRedrives: number;
}

export interface PositionsOfPartition {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  /** The first position. */
  readonly offset: number;
  /** The time of the oldest record, epoch ms. */
  readonly oldest: number;
  /** Chunks that only a person redrives. */
  readonly exhausted: number;
  readonly reason: string;
}

/**
 * The records that are known by their position only: what does not fit a lane, and what cannot be opened. The topic keeps their
 * bytes for as long as its retention says. Appending is idempotent; a document holds at most 1,000 positions.
 */
export class ParkedPositions {
  private readonly guess = new LanesGuess();
  private indexed = false;

  constructor(private readonly connection: Connection) {}

  /** Whether this process knows of none; another instance may have kept some within the last 10 s. */
  get seemNone(): boolean {
    return this.guess.none;
  }

  private get chunks(): PositionsCollection {
    return positionsOf(this.connection);
  }

  reassigned(): void {
    this.guess.changed();
  }

  /** Durable when it returns; one request a batch, whatever it holds. Says nothing of positions that were kept before. */
  async append(kept: readonly Kept[]): Promise<void> {
    if (kept.length === 0) return;
    await this.index();
    this.guess.changed();
    let operations = [...Map.groupBy(kept, ({ raw }) => chunkId(positionOf(raw)))].map(([id, list]) => ({
      updateOne: { filter: { _id: id }, update: appending(list), upsert: true },
    }));
    for (let attempt = 0; operations.length > 0; attempt++) {
      if (attempt === MAX_APPENDS) throw new StoreUnavailable();
      // an upsert that another one overtook is refused as a duplicate: then the document is there
      const refused = await this.chunks.bulkWrite(operations, { ...DURABLE, ordered: false }).then(
        (): number[] => [],
        (error: unknown) => refusedAsDuplicates(error),
      );
      operations = operations.filter((_, index) => refused.includes(index));
    }
    this.guess.changed();
  }

  /** Which of these lanes have a position; with `before`, one in an earlier chunk (of 1,000 offsets) of that partition. No read while none is known of. */
  async among(topic: string, lanes: readonly string[], before?: Position): Promise<Set<string>> {
    if (this.guess.none || lanes.length === 0) return new Set();
    const byHash: Map<number, string[]> = Map.groupBy(new Set(lanes), (lane: string): number => laneHash(lane));
    const found = new Set<string>();
    const wanted = [...byHash.keys()];
    for (let start = 0; start < wanted.length; start += MAX_HASHES) {
      const hashes = wanted.slice(start, start + MAX_HASHES);
      for (const hash of await this.heldOf(topic, hashes, before)) {
        for (const lane of byHash.get(hash) ?? []) found.add(lane);
      }
    }
    return found;
  }

  /**
   * Of each chunk its first entry that is wanted, until no chunk has one of those that are not found yet. Nothing is unwound:
   * the embedded store takes two seconds to unwind a full chunk.
   */
  private async heldOf(topic: string, hashes: readonly number[], before?: Position): Promise<Set<number>> {
    const held = new Set<number>();
    for (let wanted = [...hashes]; wanted.length > 0; wanted = wanted.filter((hash) => !held.has(hash))) {
      const isWanted = { $in: wanted };
      const below = before && { partition: before.partition, chunk: { $lt: chunkOf(before.offset) } };
      const chunks = await this.chunks
        .find(
          { topic, 'entries.l': isWanted, ...below },
          { projection: { entries: { $elemMatch: { l: isWanted } } }, readPreference: 'primary' },
        )
        .limit(CHUNKS_AT_ONCE)
        .toArray();
      if (chunks.length === 0) break;
      for (const { entries } of chunks) for (const { l } of entries) held.add(l);
    }
    return held;
  }

  async find(id: string): Promise<PositionsChunk | null> {
    return this.chunks.findOne({ _id: id }, { readPreference: 'primary' });
  }

  /** Chunks that a range touches, in the order of their offsets, one at a time. A chunk that is released meanwhile is left out. */
  async *within({ topic, partition, from, to }: PositionRange): AsyncIterable<PositionsChunk> {
    for (let next = chunkOf(from); next <= chunkOf(to);) {
      const chunk = await this.first({ topic, partition, chunk: { $gte: next, $lte: chunkOf(to) } });
      if (!chunk) break;
      yield chunk;
      next = chunk.chunk + 1;
    }
    // a withheld batch is kept in the chunk of its last offset, and may begin before it
    const behind = await this.first({ topic, partition, chunk: { $gt: chunkOf(to) } });
    const begins = Object.values(behind?.facts ?? {}).some(({ first = Infinity }) => first <= to);
    if (behind && begins) yield behind;
  }

  private async first(filter: mongo.Filter<PositionsChunk>): Promise<PositionsChunk | undefined> {
    const [chunk] = await this.chunks.find(filter, { readPreference: 'primary' }).sort({ chunk: 1 }).limit(1).toArray();
    return chunk;
  }

  /** Chunks whose turn has come, the lowest offsets first. */
  async due(topics: readonly string[], limit: number): Promise<string[]> {
    if (this.guess.none) return [];
    await this.index();
    const found = await this.chunks
      .find({ topic: { $in: [...topics] }, nextAttemptAt: { $lte: new Date() } }, { projection: { _id: 1 } })
      .sort({ nextAttemptAt: 1, chunk: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /** Begins the redrive of a chunk whose turn has come; null when another instance has it. */
  async claim(id: string, redrive: Try): Promise<PositionsChunk | null> {
    const chunk = await this.chunks.findOne(
      { _id: id, nextAttemptAt: { $lte: new Date() } },
      { readPreference: 'primary' },
    );
    return chunk && (await this.begin(chunk, redrive));
  }

  /**
   * A redrive begins. It counts from here on, because one that ends the process has no end, and other instances leave the chunk
   * alone meanwhile. Durable when it returns; null when another instance was faster.
   */
  async begin(chunk: PositionsChunk, { forMs, maxRedrives }: Try): Promise<PositionsChunk | null> {
    const { _id, nextAttemptAt, byHand = false } = chunk;
    const attempts = chunk.attempts + 1;
    const next = byHand || attempts >= maxRedrives ? null : new Date(Date.now() + forMs);
    return this.chunks.findOneAndUpdate(
      { _id, attempts: chunk.attempts, nextAttemptAt },
      { $set: { attempts, nextAttemptAt: next } },
      { ...DURABLE, returnDocument: 'after' },
    );
  }

  /** A redrive left nothing that it was asked for, or could not read the topic: the chunk comes to its turn as before. */
  async takeBack({ _id, attempts, nextAttemptAt }: PositionsChunk, before: PositionsChunk): Promise<void> {
    await this.chunks.updateOne(
      { _id, attempts, nextAttemptAt },
      { $set: { attempts: before.attempts, nextAttemptAt: before.nextAttemptAt } },
    );
  }

  /** Takes positions out, and the chunk when nothing is left in it; returns how many of them were still there. */
  async release({ _id }: Pick<PositionsChunk, '_id'>, entries: readonly { o: number }[]): Promise<number> {
    if (entries.length === 0) return 0;
    const places = new Set(entries.map(({ o }) => o));
    const facts = Object.fromEntries([...places].map((o) => [`facts.${o}`, '' as const]));
    const before = await this.chunks.findOneAndUpdate(
      { _id },
      { $pull: { entries: { o: { $in: [...places] } } }, $unset: facts },
      { ...DURABLE, returnDocument: 'before', projection: { entries: 1 } },
    );
    await this.chunks.deleteOne({ _id, entries: { $size: 0 } }, DURABLE);
    return before?.entries.filter(({ o }) => places.has(o)).length ?? 0;
  }

  /** A redrive that was begun left something: its turn comes later each time, and by hand only after `maxRedrives` that released nothing. */
  async failed(
    { _id, attempts: begun, byHand = false }: PositionsChunk,
    { reason, progressed, maxRedrives }: { reason: string; progressed: boolean; maxRedrives: number },
  ): Promise<void> {
    const attempts = progressed ? 1 : begun;
    const nextAttemptAt = byHand || attempts >= maxRedrives ? null : new Date(Date.now() + redriveDelayMs(attempts));
    await this.chunks.updateOne({ _id }, { $set: { reason, attempts, nextAttemptAt } }, DURABLE);
  }

  /** Something changed for these lanes: it is their positions' turn, whatever failed before. */
  async hasten(topic: string, lanes: readonly string[]): Promise<void> {
    if (this.guess.none || lanes.length === 0) return;
    await this.chunks.updateMany(
      { topic, 'entries.l': { $in: lanes.map((lane) => laneHash(lane)) }, byHand: { $ne: true } },
      { $set: { nextAttemptAt: new Date(0), attempts: 0 } },
    );
  }

  /** How many there are of each partition, and the oldest. */
  async summary(): Promise<PositionsOfPartition[]> {
    const read = () =>
      this.chunks
        .aggregate<Omit<PositionsOfPartition, 'topic' | 'partition'> & { _id: { topic: string; partition: number } }>(
          [
            { $sort: { topic: 1, partition: 1, chunk: 1 } },
            {
              $project: {
                topic: 1,
                partition: 1,
                oldest: 1,
                reason: 1,
                count: { $size: '$entries' },
                offset: { $add: [{ $multiply: ['$chunk', CHUNK_OFFSETS] }, { $min: '$entries.o' }] },
                exhausted: { $cond: [{ $eq: ['$nextAttemptAt', null] }, 1, 0] },
              },
            },
            {
              $group: {
                _id: { topic: '$topic', partition: '$partition' },
                count: { $sum: '$count' },
                offset: { $min: '$offset' },
                oldest: { $min: '$oldest' },
                exhausted: { $sum: '$exhausted' },
                reason: { $first: '$reason' },
              },
            },
          ],
          { readPreference: 'primary' },
        )
        .toArray();
    const found = await this.guess.after(read);
    return found.map(({ _id, ...rest }) => ({ ..._id, ...rest }));
  }

  private async index(): Promise<void> {
    if (this.indexed) return;
    await this.chunks.createIndexes([
      { key: { topic: 1, partition: 1, chunk: 1 } },
      { key: { topic: 1, nextAttemptAt: 1 } },
      { key: { topic: 1, 'entries.l': 1 } },
    ]);
    this.indexed = true;
  }
}

export function positionOf({ origin }: RawRecord): Position {
  return { topic: origin.topic, partition: origin.partition, offset: Number(origin.offset) };
}

function appending(kept: readonly Kept[]) {
  const [first] = kept;
  if (!first) return {};
  const { topic, partition, offset } = positionOf(first.raw);
  const facts = kept.flatMap(({ raw, facts: each }) => (each ? [[`facts.${placeOf(raw)}`, each] as const] : []));
  const byHand = facts.some(([, { skippedBy }]) => skippedBy !== undefined);
  const now = Date.now();
  const opening = { topic, partition, chunk: chunkOf(offset), parkedAt: new Date(now), attempts: 0 };
  return {
    $addToSet: { entries: { $each: kept.map(({ lane, raw }) => ({ o: placeOf(raw), l: laneHash(lane) })) } },
    $min: {
      oldest: Math.min(now, ...kept.flatMap(({ raw }) => (raw.origin.timestamp < 0 ? [] : raw.origin.timestamp))),
    },
    $set: { reason: first.reason, ...Object.fromEntries(facts), ...(byHand && { byHand, nextAttemptAt: null }) },
    $setOnInsert: { ...opening, ...(!byHand && { nextAttemptAt: new Date(now + redriveDelayMs(1)) }) },
  };
}

function placeOf(raw: RawRecord): number {
  return positionOf(raw).offset % CHUNK_OFFSETS;
}
