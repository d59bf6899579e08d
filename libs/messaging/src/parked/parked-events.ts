import { Logger } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import type { RawRecord } from '../consumer/raw-record';
import { cut } from '../cut';
import { DURABLE } from '../durable';
import { isStoreTrouble } from '../mongo-errors';
import type { Topic } from '../topic';
import { lanesOf } from './collections';
import { DiscardedEvents } from './discarded-events';
import { type Applied, bytesOfRecord, isSuperseded, type Lane, parkedRecord, type ParkedRecord } from './lane';
import { type Append, appendAll, missing, sizeOf, withinBytes } from './lane-append';
import { LaneAttempts, MAX_STACK_CHARACTERS } from './lane-attempts';
import { LanesBytes } from './lanes-bytes';
import { LanesGuess } from './lanes-guess';
import { type LanesOfTopic, summaryOf } from './lanes-of-topic';
import { outsideLanes } from './outside-lanes';
import { type Kept, ParkedPositions } from './parked-positions';
import { DEFAULT_LIMITS } from './parking-limits';
import { redriveDelayMs } from './redrive-delay';
import { pingStore } from '../store-ping';

/** A batch tells so many of its records one by one. */
const MAX_LINES = 100;
/** A store that takes longer is no witness against a handler. */
const PING_LIMIT_MS = 1_000;

export interface Parking {
  readonly lane: string;
  readonly raw: RawRecord;
  /** Kept to 300 characters. */
  readonly reason: string;
  /** Kept to 4,000 characters. */
  readonly stack?: string;
  /** Its lane has positions, and nothing but its place tells its order: it is kept by its position too. */
  readonly behindPositions?: boolean;
}

interface LaneParking extends Append {
  readonly parking: Parking;
}

/**
 * The records that could not be applied, in the consuming service's own database, one document a lane. Appending is
 * idempotent by position, so a record parked twice is there once; nothing is taken out but by position (R12).
 */
export class ParkedEvents {
  private readonly logger = new Logger(ParkedEvents.name);
  private indexed = false;
  private readonly guess = new LanesGuess();
  private readonly bytes = new LanesBytes(async () => {
    const lanes = this.lanes.find({}, { projection: { bytes: 1 }, readPreference: 'primary' });
    return sumOfBytes(await lanes.toArray());
  });
  readonly discarded: DiscardedEvents;
  /** What does not fit the lanes. */
  readonly positions: ParkedPositions;
  /** How often lanes were tried, and when they are tried again. */
  readonly attempts: LaneAttempts;

  constructor(
    readonly connection: Connection,
    readonly limits = DEFAULT_LIMITS,
  ) {
    this.discarded = new DiscardedEvents(connection);
    this.positions = new ParkedPositions(connection);
    this.attempts = new LaneAttempts(connection, limits);
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
    this.positions.reassigned();
  }

  park(parking: Parking): Promise<void> {
    return this.parkAll([parking]);
  }

  /**
   * Durable when it returns, in a few requests however many records of a topic these are. What does not fit its lane (1,000
   * events or 4 MiB), needs one more lane than there may be, or bytes that all lanes together may not have, is kept by its position. What an operator has discarded is not
   * parked again.
   */
  async parkAll(parkings: readonly Parking[]): Promise<void> {
    const given = await this.discarded.among(parkings.map(({ raw }) => raw));
    const wanted = parkings.filter(({ raw }) => !given.has(raw)).map(bounded);
    const { fits, kept } = await this.intoLanes(wanted);
    for (const { lane, raw, reason } of fits.slice(0, MAX_LINES)) {
      const { topic, partition, offset } = raw.origin;
      this.logger.warn(`parked ${topic}[${partition}:${offset}] in ${lane}: ${reason}`);
    }
    if (fits.length > MAX_LINES) this.logger.warn(`and parked ${fits.length - MAX_LINES} more`);
    await this.positions.append(await outsideLanes(this.lanes, kept.map(keptOf)));
    const [first] = kept;
    if (first) {
      const { topic, partition, offset } = first.raw.origin;
      const what = `${kept.length} positions of ${topic}[${partition}] from ${offset} on`;
      this.logger.warn(`kept ${what}: their lanes are full, or they cannot be opened: ${first.reason}`);
    }
  }

  /** Moves what is kept by its position into lanes; returns what did not fit. */
  async moveIntoLanes(parkings: readonly Parking[]): Promise<Set<RawRecord>> {
    const { kept } = await this.intoLanes(parkings.map(bounded));
    return new Set(kept.map(({ raw }) => raw));
  }

  private async intoLanes(parkings: readonly Parking[]): Promise<{ fits: Parking[]; kept: Parking[] }> {
    const { inside, outside } = await this.shareRoom(parkings.filter(isForLanes));
    const { fits, rest } = withinBytes(inside.map(appendOf), this.limits.maxBytes - (await this.bytes.held()));
    const { added, full } = await appendAll(this.lanes, fits);
    this.bytes.add(sizeOf(added));
    if (fits.length > 0) this.guess.changed();
    const without = [...outside, ...[...full, ...(await missing(this.lanes, rest))].map(parkingOf)];
    const kept = new Set([...parkings.filter((each) => !isForLanes(each)), ...without]);
    return { fits: added.map(parkingOf), kept: parkings.filter((each) => kept.has(each)) };
  }

  /** The collection's own count costs the same however many there are; only near the cap lanes are looked for. */
  private async shareRoom(parkings: readonly Parking[]): Promise<{ inside: Parking[]; outside: Parking[] }> {
    const lanes = new Set(parkings.map(({ lane }) => lane));
    if (lanes.size === 0) return { inside: [], outside: [] };
    const room = Math.max(0, this.limits.maxLanes - (await this.lanes.estimatedDocumentCount()));
    if (lanes.size <= room) return { inside: [...parkings], outside: [] };
    const existing = await this.among([...lanes]);
    const opened = new Set([...lanes].filter((lane) => !existing.has(lane)).slice(0, room));
    const has = ({ lane }: Parking) => existing.has(lane) || opened.has(lane);
    return { inside: parkings.filter(has), outside: parkings.filter((each) => !has(each)) };
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

  /** Lanes, their events, and the age of the oldest, a topic. */
  async summary(): Promise<LanesOfTopic[]> {
    const projection = { topic: 1, parkedAt: 1, count: 1, bytes: 1, nextAttemptAt: 1 };
    const read = () => this.lanes.find({}, { projection, readPreference: 'primary' }).toArray();
    return summaryOf(await this.guess.after(() => this.bytes.after(read, sumOfBytes)));
  }
}

function sumOfBytes(lanes: readonly Pick<Lane, 'bytes'>[]): number {
  return lanes.reduce((sum, { bytes }) => sum + bytes, 0);
}

function firstTurn() {
  const now = Date.now();
  return { parkedAt: new Date(now), attempts: 0, nextAttemptAt: new Date(now + redriveDelayMs(1)) };
}

function isForLanes({ raw, behindPositions = false }: Parking): boolean {
  return raw.withheld === undefined && !behindPositions;
}

function appendOf(parking: Parking): LaneParking {
  const { lane, raw, reason, stack } = parking;
  const opening = { topic: raw.origin.topic, reason, ...(stack !== undefined && { stack }), ...firstTurn() };
  return { lane, record: parkedRecord(raw), opening, parking };
}

function parkingOf({ parking }: LaneParking): Parking {
  return parking;
}

function keptOf({ lane, raw, reason }: Parking): Kept {
  const { withheld } = raw;
  if (!withheld) return { lane, raw, reason };
  const { sizeBytes, sha256, firstOffset, wasDecoded } = withheld;
  const facts = { reason, sizeBytes, sha256, ...(firstOffset !== undefined && { first: Number(firstOffset) }) };
  return { lane, raw, reason, facts, ...(wasDecoded && { mayBeInLanes: true }) };
}

/** Whatever a producer or a handler puts into it, a reason has a bound. */
function bounded(parking: Parking): Parking {
  const { reason, stack } = parking;
  return {
    ...parking,
    reason: cut(reason),
    ...(stack !== undefined && { stack: stack.slice(0, MAX_STACK_CHARACTERS) }),
  };
}
