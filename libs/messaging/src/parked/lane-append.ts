import type { mongo } from 'mongoose';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { refusedAsDuplicates } from '../mongo-errors';
import { bytesOfRecord, type Lane, MAX_LANE_BYTES, MAX_LANE_EVENTS, type ParkedRecord } from './lane';

/** How often records are appended again while others open and remove their lanes. */
const MAX_APPENDS = 20;
/** Lanes whose positions are read at a time: of each up to 1,000. */
const LANES_READ_AT_ONCE = 20;

export interface Append {
  readonly lane: string;
  readonly record: ParkedRecord;
  /** What the lane is, if this opens it. */
  readonly opening: Omit<Lane, '_id' | 'events' | 'bytes' | 'count'>;
}

/** What became of records that were to be appended. */
export interface Appended<A extends Append> {
  /** In their lanes now, and not before. */
  readonly added: readonly A[];
  /** Did not fit: those of a lane are behind all of it that did. */
  readonly full: readonly A[];
}

/**
 * Appends records to their lanes, in the order given, one request for all lanes that are neither full nor hold one of them
 * already. Idempotent by position, durable when it returns (R12).
 */
export async function appendAll<A extends Append>(
  lanes: mongo.Collection<Lane>,
  appends: readonly A[],
): Promise<Appended<A>> {
  const added: A[] = [];
  const full: A[] = [];
  let waiting = [...Map.groupBy(appends, ({ lane }) => lane).values()];
  for (let attempt = 0; waiting.length > 0; attempt++) {
    if (attempt === MAX_APPENDS) throw new StoreUnavailable();
    const parts = waiting.map((group) => fitting(group, { events: 0, bytes: 0 }));
    full.push(...parts.flatMap(({ rest }) => rest));
    const groups = parts.map(({ fits }) => fits).filter(({ length }) => length > 0);
    const refused = new Set(await write(lanes, groups));
    added.push(...groups.filter((_, index) => !refused.has(index)).flat());
    const left = await lookedAt(
      lanes,
      groups.filter((_, index) => refused.has(index)),
    );
    full.push(...left.full);
    waiting = left.again;
  }
  return { added, full };
}

/** The groups of which nothing was written: their lane holds one of them, is too full, or was opened just now. */
async function write(lanes: mongo.Collection<Lane>, groups: readonly (readonly Append[])[]): Promise<number[]> {
  if (groups.length === 0) return [];
  const operations = groups.map((group) => {
    const bytes = sizeOf(group);
    const filter = {
      _id: group[0]?.lane ?? '',
      'events.position': { $nin: group.map(({ record }) => record.position) },
      [`events.${MAX_LANE_EVENTS - group.length}`]: { $exists: false },
      bytes: { $lte: MAX_LANE_BYTES - bytes },
    };
    const update = {
      $push: { events: { $each: group.map(({ record }) => record) } },
      $inc: { bytes, count: group.length },
      $setOnInsert: group[0]?.opening ?? {},
    };
    return { updateOne: { filter, update, upsert: true } };
  });
  return lanes.bulkWrite(operations, { ...DURABLE, ordered: false }).then(
    () => [],
    (error: unknown) => refusedAsDuplicates(error),
  );
}

/** What of refused groups is to be tried again, and what does not fit. */
async function lookedAt<A extends Append>(
  lanes: mongo.Collection<Lane>,
  groups: readonly A[][],
): Promise<{ again: A[][]; full: A[] }> {
  const [again, full]: [A[][], A[]] = [[], []];
  for (let start = 0; start < groups.length; start += LANES_READ_AT_ONCE) {
    const some = groups.slice(start, start + LANES_READ_AT_ONCE);
    const existing = await read(lanes, some);
    for (const group of some) {
      const { bytes = 0, known } = existing.get(group[0]?.lane ?? '') ?? { known: new Set<string>() };
      const unknown = group.filter(({ record }) => !known.has(record.position));
      const { fits, rest } = fitting(unknown, { events: known.size, bytes });
      full.push(...rest);
      if (fits.length > 0) again.push(fits);
    }
  }
  return { again, full };
}

/** Those that are not in their lanes. No read where there are none. */
export async function missing<A extends Append>(lanes: mongo.Collection<Lane>, appends: readonly A[]): Promise<A[]> {
  const groups = [...Map.groupBy(appends, ({ lane }) => lane).values()];
  const absent: A[] = [];
  for (let start = 0; start < groups.length; start += LANES_READ_AT_ONCE) {
    const some = groups.slice(start, start + LANES_READ_AT_ONCE);
    const existing = await read(lanes, some);
    const isHeld = ({ lane, record }: A) => existing.get(lane)?.known.has(record.position) === true;
    absent.push(...some.flat().filter((each) => !isHeld(each)));
  }
  return absent;
}

/** The lanes of these groups, by their ids: how large they are, and the positions they hold. */
async function read(
  lanes: mongo.Collection<Lane>,
  groups: readonly (readonly Append[])[],
): Promise<Map<string, { bytes: number; known: Set<string> }>> {
  const found = await lanes
    .find(
      { _id: { $in: groups.map(([first]) => first?.lane ?? '') } },
      { projection: { bytes: 1, 'events.position': 1 }, readPreference: 'primary' },
    )
    .toArray();
  return new Map(
    found.map(({ _id, bytes, events }) => [_id, { bytes, known: new Set(events.map(({ position }) => position)) }]),
  );
}

/** The first ones for which there is room, and all others. */
function fitting<A extends Append>(group: readonly A[], taken: { events: number; bytes: number }): Fitting<A> {
  let { events, bytes } = taken;
  const end = group.findIndex(({ record }) => {
    events++;
    bytes += bytesOfRecord(record);
    return events > MAX_LANE_EVENTS || bytes > MAX_LANE_BYTES;
  });
  return end < 0 ? { fits: [...group], rest: [] } : { fits: group.slice(0, end), rest: group.slice(end) };
}

/** The first ones that have this many bytes together, and all others: a record behind one that finds no room finds none either. */
export function withinBytes<A extends Append>(appends: readonly A[], room: number): Fitting<A> {
  let bytes = 0;
  const end = appends.findIndex(({ record }) => (bytes += bytesOfRecord(record)) > room);
  return end < 0 ? { fits: [...appends], rest: [] } : { fits: appends.slice(0, end), rest: appends.slice(end) };
}

interface Fitting<A> {
  readonly fits: A[];
  readonly rest: A[];
}

/** The bytes of these records together. */
export function sizeOf(group: readonly Append[]): number {
  return group.reduce((sum, { record }) => sum + bytesOfRecord(record), 0);
}
