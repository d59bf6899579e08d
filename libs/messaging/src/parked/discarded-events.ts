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

const RECORDS_AT_ONCE = 4;

export interface PageOfDiscarded<V> {
  readonly page: number;
  readonly size: number;
  readonly view: (record: DiscardedRecord) => V;
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

  /** The latest first as `view` shows them, and how many there are. A few are read at a time: each may have some MiB. */
  async page<V>(
    { topic, lane }: { topic?: string | undefined; lane?: string | undefined },
    { page, size, view }: PageOfDiscarded<V>,
  ): Promise<[V[], number]> {
    const query = { ...(topic !== undefined && { topic }), ...(lane !== undefined && { lane }) };
    const discarded = discardedOf(this.connection);
    const part = { sort: { at: -1, _id: 1 }, skip: page * size, limit: size, batchSize: RECORDS_AT_ONCE } as const;
    const views: V[] = [];
    for await (const record of discarded.find(query, part)) views.push(view(record));
    return [views, await discarded.countDocuments(query)];
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
