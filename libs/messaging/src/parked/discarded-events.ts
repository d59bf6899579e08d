import type { Connection } from 'mongoose';
import type { RawRecord } from '../consumer/raw-record';
import { DURABLE } from '../durable';
import { type DiscardedPositions, type DiscardedRecord, discardedOf } from './collections';
import { type Lane, type ParkedRecord, parkedRecord } from './lane';

/** Who gave something up, and why. */
export interface Decree {
  readonly by: string;
  readonly reason: string;
}

const RECORDS_AT_ONCE = 4;

export interface PageOfDiscarded<V> {
  readonly page: number;
  readonly size: number;
  readonly view: (record: DiscardedRecord) => V;
}

/** What was given up, by operators or by the retention of its topic; never cleaned up by the service. */
export class DiscardedEvents {
  constructor(private readonly connection: Connection) {}

  /** Durable when it returns; the same record again replaces the earlier decree. */
  async keep(lane: Lane, records: readonly ParkedRecord[], decree: Decree & { version?: number }): Promise<void> {
    const entries: [string, ParkedRecord | undefined][] = records.map((each) => [idOf(lane.topic, each), each]);
    if (entries.length === 0) entries.push([`${lane._id}@${decree.version}`, undefined]);
    for (const [_id, record] of entries) {
      const { _id: of, topic, reason: fault } = lane;
      const content = { lane: of, topic, ...(record && { record }), fault, ...decree, at: new Date() };
      await discardedOf(this.connection).replaceOne({ _id }, content, {
        ...DURABLE,
        upsert: true,
        ignoreUndefined: true,
      });
    }
  }

  /** The latest first as `view` shows them, and how many there are. A few are read at a time: each may have some MiB. */
  async page<V>(
    { topic, lane }: { topic?: string | undefined; lane?: string | undefined },
    { page, size, view }: PageOfDiscarded<V>,
  ): Promise<[V[], number]> {
    const query = { ...(topic !== undefined && { topic }), ...(lane !== undefined && { lane }) };
    const discarded = discardedOf(this.connection);
    const part = { sort: { at: -1, _id: 1 }, skip: page * size, limit: size, batchSize: RECORDS_AT_ONCE } as const;
    const views: V[] = [];
    for await (const record of discarded.find(query, part)) views.push(view(record));
    return [views, await discarded.countDocuments(query)];
  }

  /** Keeps that positions were given up, or lost: their bytes are on the topic alone. Durable when it returns. */
  async keepPositions(topic: string, positions: DiscardedPositions, told: Decree & { fault: string }): Promise<void> {
    const { partition, first, last } = positions;
    const _id = first === last ? `${topic}:${partition}:${first}` : `${topic}:${partition}:${first}-${last}`;
    const content = { lane: _id, topic, positions, ...told, at: new Date() };
    await discardedOf(this.connection).replaceOne({ _id }, content, { ...DURABLE, upsert: true });
  }

  /** Which of these very records were given up: a topic made anew has other records in the same places. */
  async among(raws: readonly RawRecord[]): Promise<Set<RawRecord>> {
    const [first] = raws;
    if (!first) return new Set();
    const byId = new Map(raws.map((raw) => [idOf(raw.origin.topic, positionOf(raw)), raw]));
    const primary = { readPreference: 'primary' } as const;
    const discarded = discardedOf(this.connection);
    const [records, ranges] = await Promise.all([
      discarded.find({ _id: { $in: [...byId.keys()] } }, primary).toArray(),
      discarded.find(rangesAround(raws), primary).limit(MAX_RANGES).toArray(),
    ]);
    const given = new Set<RawRecord>();
    for (const { _id, record } of records) {
      const raw = byId.get(_id);
      if (raw && record && isSame(record, parkedRecord(raw))) given.add(raw);
    }
    for (const raw of raws) if (ranges.some((range) => isWithin(raw, range))) given.add(raw);
    return given;
  }
}

/** More decrees than that about the offsets of one batch are nobody's doing. */
const MAX_RANGES = 1_000;

function rangesAround(raws: readonly RawRecord[]) {
  const offsets = raws.map(({ origin }) => Number(origin.offset));
  return {
    topic: raws[0]?.origin.topic ?? '',
    'positions.first': { $lte: Math.max(...offsets) },
    'positions.last': { $gte: Math.min(...offsets) },
  };
}

/** A record that is younger than the decree is another one in the same place. */
function isWithin({ origin }: RawRecord, { positions, at }: DiscardedRecord): boolean {
  if (positions?.partition !== origin.partition || origin.timestamp > at.getTime()) return false;
  return positions.first <= Number(origin.offset) && Number(origin.offset) <= positions.last;
}

function positionOf({ origin }: RawRecord): { position: string } {
  return { position: `${origin.partition}:${origin.offset}` };
}

function idOf(topic: string, { position }: { readonly position: string }): string {
  return `${topic}:${position}`;
}

function isSame(a: ParkedRecord, b: ParkedRecord): boolean {
  return a.timestamp === b.timestamp && hex(a.key) === hex(b.key) && hex(a.value) === hex(b.value);
}

function hex(binary: ParkedRecord['key']): string | undefined {
  return binary?.toString('hex');
}
