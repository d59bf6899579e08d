import type { Connection, mongo } from 'mongoose';
import { StoreUnavailable } from '../failures';
import type { Lane, ParkedRecord } from './lane';

/** What was given up: kept for good, byte by byte. `_id` is topic:partition:offset, or lane@version for a version that never came. */
export interface DiscardedRecord {
  _id: string;
  lane: string;
  topic: string;
  version?: number;
  record?: ParkedRecord;
  /** Why it could not be applied. */
  fault: string;
  reason: string;
  by: string;
  at: Date;
}

export function lanesOf({ db }: Connection): mongo.Collection<Lane> {
  if (!db) throw new StoreUnavailable();
  return db.collection<Lane>('parked.events');
}

export function discardedOf({ db }: Connection): mongo.Collection<DiscardedRecord> {
  if (!db) throw new StoreUnavailable();
  return db.collection<DiscardedRecord>('parked.discarded');
}
