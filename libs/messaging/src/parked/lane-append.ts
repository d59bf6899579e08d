import type { mongo } from 'mongoose';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { isDuplicateKey } from '../mongo-errors';
import { bytesOfRecord, type Lane, MAX_LANE_BYTES, MAX_LANE_EVENTS, type ParkedRecord } from './lane';

/** How often a record is appended again while others open and remove its lane. */
const MAX_APPENDS = 20;

/** The lane is at its cap: the partition must wait. */
export class LaneFull extends Error {
  constructor(readonly lane: string) {
    super(`lane ${lane} is full`);
    this.name = 'LaneFull';
  }
}

interface Append {
  readonly lane: string;
  readonly record: ParkedRecord;
  /** What the lane is, if this opens it. */
  readonly opening: Omit<Lane, '_id' | 'events' | 'bytes' | 'count'>;
}

/** True when the record is in its lane now and was not before; durable when it returns (R12). Throws LaneFull at the cap. */
export async function appendTo(lanes: mongo.Collection<Lane>, { lane, record, opening }: Append): Promise<boolean> {
  const bytes = bytesOfRecord(record);
  const filter = {
    _id: lane,
    'events.position': { $ne: record.position },
    [`events.${MAX_LANE_EVENTS - 1}`]: { $exists: false },
    bytes: { $lte: MAX_LANE_BYTES - bytes },
  };
  const update = { $push: { events: record }, $inc: { bytes, count: 1 }, $setOnInsert: opening };
  for (let attempt = 0; attempt < MAX_APPENDS; attempt++) {
    try {
      await lanes.updateOne(filter, update, { ...DURABLE, upsert: true });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // the lane exists: with this record, or full, or it was opened by somebody else just now (then: again)
      const existing = await lanes.findOne(
        { _id: lane },
        { projection: { bytes: 1, 'events.position': 1 }, readPreference: 'primary' },
      );
      if (existing?.events.some(({ position }) => position === record.position)) return false;
      if (existing && isFull(existing, bytes)) throw new LaneFull(lane);
    }
  }
  throw new StoreUnavailable();
}

function isFull(lane: Lane, bytes: number): boolean {
  return lane.events.length >= MAX_LANE_EVENTS || lane.bytes + bytes > MAX_LANE_BYTES;
}
