import { Logger } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { isDuplicateKey } from '../mongo-errors';
import type { RawRecord } from '../consumer/record-decoding';
import {
  type Applied,
  bytesOfRecord,
  isSuperseded,
  type Lane,
  MAX_LANE_BYTES,
  MAX_LANE_EVENTS,
  parkedRecord,
  type ParkedRecord,
} from './lane';

const FIRST_REDRIVE_MS = 1_000;
const MAX_REDRIVE_MS = 20_000;
/** How often a record is appended again while others open and remove its lane. */
const MAX_APPENDS = 20;

/** The lane is at its cap: the partition must wait. */
export class LaneFull extends Error {
  constructor(readonly lane: string) {
    super(`lane ${lane} is full`);
    this.name = 'LaneFull';
  }
}

export interface Parking {
  readonly lane: string;
  readonly raw: RawRecord;
  readonly reason: string;
  readonly stack?: string;
}

/**
 * The records that could not be applied, in the consuming service's own database, one document a lane. Appending is
 * idempotent by position, so a record parked twice is there once; nothing is taken out but by position (R12).
 */
export class ParkedEvents {
  private readonly logger = new Logger(ParkedEvents.name);

  constructor(private readonly connection: Connection) {}

  private get lanes(): mongo.Collection<Lane> {
    const db = this.connection.db;
    if (!db) throw new StoreUnavailable();
    return db.collection<Lane>('parked.events');
  }

  /** Which of these lanes hold something, read from the primary: never a cache. */
  async among(lanes: readonly string[]): Promise<Set<string>> {
    if (lanes.length === 0) return new Set();
    const found = await this.lanes
      .find({ _id: { $in: [...new Set(lanes)] } }, { projection: { _id: 1 }, readPreference: 'primary' })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Durable when it returns. Throws LaneFull at the cap. */
  async park({ lane, raw, reason, stack }: Parking): Promise<void> {
    const record = parkedRecord(raw);
    if (await this.append(lane, raw.origin.topic, record, { reason, stack })) {
      this.logger.warn(`parked ${raw.origin.topic}[${record.position}] in ${lane}: ${reason}`);
    }
  }

  /** Lanes of these topics whose turn has come, the longest waiting first; ids only, because lanes are large. */
  async due(topics: readonly string[], limit: number): Promise<string[]> {
    const found = await this.lanes
      .find({ topic: { $in: [...topics] }, nextAttemptAt: { $lte: new Date() } }, { projection: { _id: 1 } })
      .sort({ nextAttemptAt: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async find(lane: string): Promise<Lane | null> {
    return this.lanes.findOne({ _id: lane }, { readPreference: 'primary' });
  }

  /** Takes records out that were applied or are needless, and the lane when nothing is left in it. */
  async release(lane: string, records: readonly ParkedRecord[]): Promise<void> {
    for (const record of records) {
      await this.lanes.updateOne(
        { _id: lane, 'events.position': record.position },
        { $pull: { events: { position: record.position } }, $inc: { bytes: -bytesOfRecord(record) } },
        DURABLE,
      );
    }
    await this.removeEmpty(lane);
  }

  /** Takes out what an applied event of the lane's aggregate made needless, on a state topic. */
  async supersede(lane: string, applied: Applied): Promise<void> {
    const needless = (await this.find(lane))?.events.filter((record) => isSuperseded(record, applied)) ?? [];
    if (needless.length === 0) return;
    await this.release(lane, needless);
    const positions = needless.map(({ position }) => position).join(', ');
    this.logger.log(`${lane}: ${positions} superseded by version ${applied.version ?? '-'}`);
  }

  /** Something changed for these lanes: it is their turn, before all others. */
  async hasten(lanes: readonly string[]): Promise<void> {
    await this.lanes.updateMany({ _id: { $in: [...lanes] } }, { $set: { nextAttemptAt: new Date(0), attempts: 0 } });
  }

  async removeEmpty(lane: string): Promise<void> {
    await this.lanes.deleteOne({ _id: lane, events: { $size: 0 } }, DURABLE);
  }

  async failed(lane: Lane, reason: string, stack?: string): Promise<void> {
    const delay = Math.min(FIRST_REDRIVE_MS * 2 ** Math.min(lane.attempts, 10), MAX_REDRIVE_MS);
    await this.lanes.updateOne(
      { _id: lane._id },
      {
        $set: { reason, nextAttemptAt: new Date(Date.now() + delay), ...(stack && { stack }) },
        $inc: { attempts: 1 },
      },
      DURABLE,
    );
  }

  /** Lanes and the age of the oldest, a topic. */
  async summary(): Promise<{ topic: string; lanes: number; oldest: Date }[]> {
    const rows = await this.lanes.find({}, { projection: { topic: 1, parkedAt: 1 } }).toArray();
    return [...Map.groupBy(rows, ({ topic }) => topic)].map(([topic, list]) => ({
      topic,
      lanes: list.length,
      oldest: new Date(Math.min(...list.map(({ parkedAt }) => parkedAt.getTime()))),
    }));
  }

  /** False when the record was there already. */
  private async append(
    lane: string,
    topic: string,
    record: ParkedRecord,
    why: { reason: string; stack?: string },
  ): Promise<boolean> {
    const bytes = bytesOfRecord(record);
    for (let attempt = 0; attempt < MAX_APPENDS; attempt++) {
      try {
        await this.lanes.updateOne(
          {
            _id: lane,
            'events.position': { $ne: record.position },
            [`events.${MAX_LANE_EVENTS - 1}`]: { $exists: false },
            bytes: { $lte: MAX_LANE_BYTES - bytes },
          },
          {
            $push: { events: record },
            $inc: { bytes },
            $setOnInsert: {
              topic,
              reason: why.reason,
              ...(why.stack && { stack: why.stack }),
              parkedAt: new Date(),
              attempts: 0,
              nextAttemptAt: new Date(Date.now() + FIRST_REDRIVE_MS),
            },
          },
          { ...DURABLE, upsert: true },
        );
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // the lane exists: with this record, or full, or it was opened by somebody else just now (then: again)
        const existing = await this.lanes.findOne(
          { _id: lane },
          { projection: { bytes: 1, 'events.position': 1 }, readPreference: 'primary' },
        );
        if (existing?.events.some(({ position }) => position === record.position)) return false;
        if (existing && isFull(existing, bytes)) throw new LaneFull(lane);
      }
    }
    throw new StoreUnavailable();
  }
}

function isFull(lane: Lane, bytes: number): boolean {
  return lane.events.length >= MAX_LANE_EVENTS || lane.bytes + bytes > MAX_LANE_BYTES;
}
