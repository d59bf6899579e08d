import type { Connection, mongo } from 'mongoose';
import { StoreUnavailable } from '../failures';
import type { Lane, ParkedRecord } from './lane';
import type { PositionsChunk } from './positions-chunk';

/**
 * What was given up: kept for good, byte by byte. `_id` is topic:partition:offset, lane@version for a version that never came, or
 * topic:partition:first-last for positions, of which the topic alone had the bytes.
 */
export interface DiscardedRecord {
  _id: string;
  lane: string;
  topic: string;
  version?: number;
  record?: ParkedRecord;
  positions?: DiscardedPositions;
  /** Why it could not be applied. */
  fault: string;
  reason: string;
  by: string;
  at: Date;
}

/** Positions that were given up without a look at their records, or whose records were gone. */
export interface DiscardedPositions {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** A record that an operator has the consumer pass over unread. `_id` is topic:partition:offset. */
export interface Skip {
  _id: string;
  topic: string;
  partition: number;
  offset: number;
  reason: string;
  by: string;
  at: Date;
  /** When the group was behind it; null until then. */
  passedAt: Date | null;
}

export function lanesOf({ db }: Connection): mongo.Collection<Lane> {
  if (!db) throw new StoreUnavailable();
  return db.collection<Lane>('parked.events');
}

export function discardedOf({ db }: Connection): mongo.Collection<DiscardedRecord> {
  if (!db) throw new StoreUnavailable();
  return db.collection<DiscardedRecord>('parked.discarded');
}

export function positionsOf({ db }: Connection): mongo.Collection<PositionsChunk> {
  if (!db) throw new StoreUnavailable();
  return db.collection<PositionsChunk>('parked.positions');
}

export function skipsOf({ db }: Connection): mongo.Collection<Skip> {
  if (!db) throw new StoreUnavailable();
  return db.collection<Skip>('parked.skips');
}
