import { mongo } from 'mongoose';
import type { RawRecord } from '../consumer/record-decoding';

/** One parked record, exactly as it came. Attempts and errors are on the lane, so that appending it twice is one append (R12). */
export interface ParkedRecord {
  /** partition:offset */
  position: string;
  partition: number;
  offset: string;
  timestamp: number;
  key: mongo.Binary | null;
  value: mongo.Binary | null;
  headers: { name: string; value: mongo.Binary }[];
}

/** What waits of one aggregate on one topic. `_id` is topic|id, or topic:partition:offset where no aggregate can be told. */
export interface Lane {
  _id: string;
  topic: string;
  events: ParkedRecord[];
  bytes: number;
  reason: string;
  stack?: string;
  parkedAt: Date;
  /** Redrives that failed in a row. */
  attempts: number;
  nextAttemptAt: Date;
}

/** A lane takes no more than this; then its partition pauses until the lane is redriven or discarded. */
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
    headers: Object.entries(headers).map(([name, bytes]) => ({ name, value: new mongo.Binary(bytes) })),
  };
}

export function rawRecordOf(topic: string, parked: ParkedRecord): RawRecord {
  const { partition, offset, timestamp, key, value, headers } = parked;
  return {
    origin: { topic, partition, offset, timestamp },
    key: key && bytesOf(key),
    value: value && bytesOf(value),
    headers: Object.fromEntries(headers.map((header) => [header.name, bytesOf(header.value)])),
  };
}

export function bytesOfRecord({ key, value, headers }: ParkedRecord): number {
  return (
    200 +
    (key?.length() ?? 0) +
    (value?.length() ?? 0) +
    headers.reduce((sum, h) => sum + h.name.length + h.value.length(), 0)
  );
}

function bytesOf(binary: mongo.Binary): Buffer {
  return Buffer.from(binary.value());
}
