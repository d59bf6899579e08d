import type { Connection } from 'mongoose';
import type { RawRecord } from '../consumer/raw-record';
import { DURABLE } from '../durable';
import { type DiscardedRecord, discardedOf } from './collections';
import { type Lane, type ParkedRecord, parkedRecord } from './lane';

/** Who gave something up, and why. */
export interface Decree {
  readonly by: string;
  readonly reason: string;
}

export class DiscardedEvents {
  constructor(private readonly connection: Connection) {}

  /** Durable when it returns; the same record again replaces the earlier decree. */
  async keep(lane: Lane, records: readonly ParkedRecord[], decree: Decree & { version?: number }): Promise<void> {
    const entries: [string, ParkedRecord | undefined][] = records.map((each) => [idOf(lane.topic, each), each]);
    if (entries.length === 0) entries.push([`${lane._id}@${decree.version}`, undefined]);
    for (const [_id, record] of entries) {
      const { _id: of, topic, reason: fault } = lane;
      const content = { lane: of, topic, ...(record && { record }), fault, ...decree, at: new Date() };
      await discardedOf(this.connection).replaceOne({ _id }, content, {
        ...DURABLE,
        upsert: true,
        ignoreUndefined: true,
      });
    }
  }

  /** The latest first, and how many there are. */
  async page(
    { topic, lane }: { topic?: string | undefined; lane?: string | undefined },
    { page, size }: { page: number; size: number },
  ): Promise<[DiscardedRecord[], number]> {
    const query = { ...(topic !== undefined && { topic }), ...(lane !== undefined && { lane }) };
    const discarded = discardedOf(this.connection);
    const found = discarded
      .find(query)
      .sort({ at: -1, _id: 1 })
      .skip(page * size)
      .limit(size);
    return Promise.all([found.toArray(), discarded.countDocuments(query)]);
  }

  /** Whether this very record was given up: a topic made anew has other records in the same places. */
  async has(raw: RawRecord): Promise<boolean> {
    const { topic } = raw.origin;
    const asParked = parkedRecord(raw);
    const found = await discardedOf(this.connection).findOne(
      { _id: idOf(topic, asParked) },
      { readPreference: 'primary' },
    );
    return found?.record !== undefined && isSame(found.record, asParked);
  }
}

function idOf(topic: string, { position }: ParkedRecord): string {
  return `${topic}:${position}`;
}

function isSame(a: ParkedRecord, b: ParkedRecord): boolean {
  return a.timestamp === b.timestamp && hex(a.key) === hex(b.key) && hex(a.value) === hex(b.value);
}

function hex(binary: ParkedRecord['key']): string | undefined {
  return binary?.toString('hex');
}
