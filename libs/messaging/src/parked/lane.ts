import { mongo } from 'mongoose';
import type { RawHeader, RawRecord } from '../consumer/raw-record';
import { laneOf, recordVersion } from '../consumer/record-decoding';
import type { RecordOrigin } from '../incoming-event';
import type { Topic } from '../topic';

/** One parked record, exactly as it came. Attempts and errors are on the lane, so that appending it twice is one append (R12). */
export interface ParkedRecord {
  /** partition:offset */
  position: string;
  partition: number;
  offset: string;
  timestamp: number;
  key: mongo.Binary | null;
  value: mongo.Binary | null;
  headers: { name: string; value: mongo.Binary | null }[];
}

/** What waits of one aggregate on one topic. `_id` is topic|id, or topic:partition:offset where no aggregate can be told. */
export interface Lane {
  _id: string;
  topic: string;
  events: ParkedRecord[];
  /** Of the events; kept beside them so that a list of lanes reads none. */
  count: number;
  bytes: number;
  reason: string;
  stack?: string;
  parkedAt: Date;
  /** Redrives that failed in a row. */
  attempts: number;
  /** null: redrives have failed so often that only a person tries again, or a later event of the aggregate. */
  nextAttemptAt: Date | null;
}

/** undefined: the lane of a single record whose aggregate cannot be told. */
export function aggregateOf({ _id, topic }: Pick<Lane, '_id' | 'topic'>): string | undefined {
  const start = laneOf(topic, '');
  return _id.startsWith(start) ? _id.slice(start.length) : undefined;
}

/** The id of a lane as an operator gives it, with the aggregate's id spelled as lanes have it. */
export function canonicalLane(id: string): string {
  const [topic = '', ...rest] = id.split('|');
  return rest.length === 0 ? id : laneOf(topic, rest.join('|'));
}

/** A lane takes no more than this; further records of its aggregate are kept by their positions. */
export const MAX_LANE_EVENTS = 1_000;
export const MAX_LANE_BYTES = 4 * 1024 * 1024;

export function parkedRecord({ origin, key, value, headers }: RawRecord): ParkedRecord {
  return {
    position: `${origin.partition}:${origin.offset}`,
    partition: origin.partition,
    offset: origin.offset,
    timestamp: origin.timestamp,
    key: key && new mongo.Binary(key),
    value: value && new mongo.Binary(value),
    headers: headers.map(({ name, value: bytes }) => ({ name, value: bytes && new mongo.Binary(bytes) })),
  };
}

export function rawRecordOf(topic: string, parked: ParkedRecord): RawRecord {
  const { partition, offset, timestamp, key, value } = parked;
  return {
    origin: { topic, partition, offset, timestamp },
    key: key && bytesOf(key),
    value: value && bytesOf(value),
    headers: rawHeaders(parked),
  };
}

/** Lowest version first; records without a version keep the order in which they were parked, behind the versioned ones. */
export function byVersion(events: readonly ParkedRecord[]): ParkedRecord[] {
  const versions = new Map(events.map((event) => [event, versionOf(event) ?? Infinity]));
  const of = (event: ParkedRecord) => versions.get(event) ?? Infinity;
  return events.toSorted((a, b) => (of(a) < of(b) ? -1 : Number(of(a) > of(b))));
}

/** An event of a lane that is in the handler's store, whether just now or before. */
export interface Applied {
  readonly version: number | undefined;
  readonly origin: RecordOrigin;
}

export function appliedFrom(topic: string, record: ParkedRecord): Applied {
  return { version: versionOf(record), origin: rawRecordOf(topic, record).origin };
}

/**
 * Whether a parked record has nothing to add once `applied` is in the store: the gate is at its version or above. On a state
 * topic a record without a version counts for nothing after one with (R11), and among those without, the place in one
 * partition tells what is older.
 */
export function isSuperseded(parked: ParkedRecord, applied: Applied, ordering: Topic<unknown>['ordering']): boolean {
  const version = versionOf(parked);
  if (version !== undefined) return applied.version !== undefined && version <= applied.version;
  if (ordering !== 'state') return false;
  if (applied.version !== undefined) return true;
  const { partition, offset } = applied.origin;
  return parked.partition === partition && BigInt(parked.offset) < BigInt(offset);
}

/** What a record takes in the document of its lane, in bytes: a little more than BSON needs, also for many empty headers. */
export function bytesOfRecord({ key, value, headers }: ParkedRecord): number {
  return (
    200 +
    (key?.length() ?? 0) +
    (value?.length() ?? 0) +
    headers.reduce((sum, h) => sum + 50 + h.name.length + (h.value?.length() ?? 0), 0)
  );
}

function bytesOf(binary: mongo.Binary): Buffer {
  return Buffer.from(binary.value());
}

function rawHeaders({ headers }: ParkedRecord): RawHeader[] {
  return headers.map(({ name, value }) => ({ name, value: value && bytesOf(value) }));
}

export function versionOf(parked: ParkedRecord): number | undefined {
  return recordVersion(rawHeaders(parked)) ?? undefined;
}
