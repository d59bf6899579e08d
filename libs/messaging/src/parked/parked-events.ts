import { Logger } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { isStoreTrouble } from '../mongo-errors';
import type { RawRecord } from '../consumer/record-decoding';
import type { Topic } from '../topic';
import { type Applied, bytesOfRecord, isSuperseded, type Lane, parkedRecord, type ParkedRecord } from './lane';
import { appendTo } from './lane-append';

const FIRST_REDRIVE_MS = 1_000;
const MAX_REDRIVE_MS = 20_000;

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
  private indexed = false;

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
    const { topic } = raw.origin;
    const record = parkedRecord(raw);
    const opening = { topic, reason, ...(stack !== undefined && { stack }), ...firstTurn() };
    if (await appendTo(this.lanes, { lane, record, opening })) {
      this.logger.warn(`parked ${topic}[${record.position}] in ${lane}: ${reason}`);
    }
  }

  /** Lanes of these topics whose turn has come, the longest waiting first; ids only, because lanes are large. */
  async due(topics: readonly string[], limit: number): Promise<string[]> {
    await this.index();
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

  /** Takes out what an applied event of the lane's aggregate made needless. */
  async supersede(lane: string, applied: Applied, { ordering }: Topic<unknown>): Promise<void> {
    const events = (await this.find(lane))?.events ?? [];
    const needless = events.filter((record) => isSuperseded(record, applied, ordering));
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

  /** Without the index a look at what is due reads every lane: slow, not wrong. */
  private async index(): Promise<void> {
    if (this.indexed) return;
    try {
      await this.lanes.createIndex({ topic: 1, nextAttemptAt: 1 }, { name: 'due' });
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      this.logger.warn(`no index for parked events: ${String(error)}`);
    }
    this.indexed = true;
  }
}

function firstTurn() {
  const now = Date.now();
  return { parkedAt: new Date(now), attempts: 0, nextAttemptAt: new Date(now + FIRST_REDRIVE_MS) };
}
