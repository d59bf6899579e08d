import { Logger } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import type { RawRecord } from '../consumer/raw-record';
import { DURABLE } from '../durable';
import { isStoreTrouble } from '../mongo-errors';
import type { Unappliable } from '../incoming-event';
import type { Topic } from '../topic';
import { lanesOf } from './collections';
import { DiscardedEvents } from './discarded-events';
import { type Applied, bytesOfRecord, isSuperseded, type Lane, parkedRecord, type ParkedRecord } from './lane';
import { appendTo } from './lane-append';
import { LanesGuess } from './lanes-guess';
import { type LanesOfTopic, summaryOf } from './lanes-of-topic';
import { DEFAULT_LIMITS } from './parking-limits';
import { pingStore } from '../store-ping';

const FIRST_REDRIVE_MS = 1_000;
const MAX_REDRIVE_MS = 60_000;
/** A store that takes longer is no witness against a handler. */
const PING_LIMIT_MS = 1_000;

/** The service has as many lanes as it may: a partition that needs one more must wait. */
export class LanesFull extends Error {
  constructor(readonly maxLanes: number) {
    super(`${maxLanes} lanes are parked, no more are opened`);
    this.name = 'LanesFull';
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
  private indexed = false;
  private readonly guess = new LanesGuess();
  private readonly discarded: DiscardedEvents;

  constructor(
    private readonly connection: Connection,
    private readonly limits = DEFAULT_LIMITS,
  ) {
    this.discarded = new DiscardedEvents(connection);
  }

  private get lanes(): mongo.Collection<Lane> {
    return lanesOf(this.connection);
  }

  /** Throws when the store does not answer within a second. */
  pingStore(): Promise<void> {
    return pingStore(this.connection, PING_LIMIT_MS);
  }

  /** Without the indexes a look at what is due reads every lane: slow, not wrong. */
  private async index(): Promise<void> {
    if (this.indexed) return;
    try {
      await this.lanes.createIndexes([{ key: { topic: 1, nextAttemptAt: 1 } }, { key: { topic: 1, parkedAt: 1 } }]);
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      this.logger.warn(`no index for parked events: ${String(error)}`);
    }
    this.indexed = true;
  }

  /** Which of these lanes hold something, read from the primary: never a cache. */
  async among(lanes: readonly string[]): Promise<Set<string>> {
    if (lanes.length === 0) return new Set();
    const found = await this.lanes
      .find({ _id: { $in: [...new Set(lanes)] } }, { projection: { _id: 1 }, readPreference: 'primary' })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /**
   * The same for those who lose nothing but time by a lane that they are not told of: no read while no lane is known of. What
   * another instance has parked is known after the next summary.
   */
  async likelyAmong(lanes: readonly string[]): Promise<Set<string>> {
    return this.guess.none ? new Set() : this.among(lanes);
  }

  /** Another instance may have parked what is ours now. */
  reassigned(): void {
    this.guess.changed();
  }

  /** Durable when it returns. Throws LaneFull or LanesFull at a cap. What an operator has discarded is not parked again. */
  async park({ lane, raw, reason, stack }: Parking): Promise<void> {
    if (await this.discarded.has(raw)) return;
    await this.makeSureOfRoom(lane);
    const { topic } = raw.origin;
    const record = parkedRecord(raw);
    const opening = { topic, reason, ...(stack !== undefined && { stack }), ...firstTurn() };
    const isNew = await appendTo(this.lanes, { lane, record, opening });
    this.guess.changed();
    if (isNew) {
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
        { $pull: { events: { position: record.position } }, $inc: { bytes: -bytesOfRecord(record), count: -1 } },
        DURABLE,
      );
    }
    await this.removeEmpty(lane);
  }

  /** Takes out what an applied event of the lane's aggregate made needless; returns how many. */
  async supersede(lane: string, applied: Applied, { ordering }: Topic<unknown>): Promise<number> {
    const events = (await this.find(lane))?.events ?? [];
    const needless = events.filter((record) => isSuperseded(record, applied, ordering));
    if (needless.length === 0) return 0;
    await this.release(lane, needless);
    const positions = needless.map(({ position }) => position).join(', ');
    this.logger.log(`${lane}: ${positions} superseded by version ${applied.version ?? '-'}`);
    return needless.length;
  }

  /** Something changed for these lanes: it is their turn, before all others and whatever failed before. */
  async hasten(lanes: readonly string[], nextAttemptAt = new Date(0)): Promise<void> {
    await this.lanes.updateMany({ _id: { $in: [...lanes] } }, { $set: { nextAttemptAt, attempts: 0 } });
  }

  async removeEmpty(lane: string): Promise<void> {
    await this.lanes.deleteOne({ _id: lane, events: { $size: 0 } }, DURABLE);
  }

  /**
   * A redrive went no further; after `progressed` the attempts count anew. Says nothing about a lane that was hastened or
   * tried by another instance since it was read: its turn stays as they left it.
   */
  async failed(lane: Lane, { reason, stack }: Unappliable, progressed = false): Promise<void> {
    const attempts = progressed ? 1 : lane.attempts + 1;
    const exhausted = attempts >= this.limits.maxRedrives;
    const delay = Math.min(FIRST_REDRIVE_MS * 2 ** Math.min(attempts - 1, 10), MAX_REDRIVE_MS);
    const nextAttemptAt = exhausted ? null : new Date(Date.now() + delay);
    const { matchedCount } = await this.lanes.updateOne(
      { _id: lane._id, attempts: lane.attempts, nextAttemptAt: lane.nextAttemptAt },
      {
        $set: { reason, attempts, nextAttemptAt, ...(stack !== undefined && { stack }) },
        ...(stack === undefined && { $unset: { stack: '' } }),
      },
      DURABLE,
    );
    if (exhausted && matchedCount > 0 && lane.nextAttemptAt) {
      this.logger.warn(`${lane._id} is left to a person after ${attempts} failed redrives: ${reason}`);
    }
  }

  /** Lanes, their events, and the age of the oldest, a topic. */
  async summary(): Promise<LanesOfTopic[]> {
    const projection = { topic: 1, parkedAt: 1, count: 1, nextAttemptAt: 1 };
    const read = () => this.lanes.find({}, { projection, readPreference: 'primary' }).toArray();
    return summaryOf(await this.guess.after(read));
  }

  /** The collection's own count costs the same however many there are; only at the cap the lane is looked for. */
  private async makeSureOfRoom(lane: string): Promise<void> {
    const { maxLanes } = this.limits;
    if ((await this.lanes.estimatedDocumentCount()) < maxLanes) return;
    if (!(await this.among([lane])).has(lane)) throw new LanesFull(maxLanes);
  }
}

function firstTurn() {
  const now = Date.now();
  return { parkedAt: new Date(now), attempts: 0, nextAttemptAt: new Date(now + FIRST_REDRIVE_MS) };
}
