import type { Connection, mongo } from 'mongoose';
import { StoreUnavailable } from '../failures';
import { isDuplicateKey } from '../mongo-errors';

/**
 * Up to where a store has applied a partition's log. `_id` is the log's id and the partition, so that a topic that was created
 * anew has documents of its own.
 */
interface OwnOffset {
  _id: string;
  log: string;
  topic: string;
  partition: number;
  /** The next offset: everything before it is applied or parked. */
  offset: number;
  at: Date;
}

/** A place in a partition's log. */
export interface LogPlace {
  /** The id of the topic's log, as GroupLog has it. */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset. */
  readonly offset: number;
}

/**
 * Acknowledged by the primary's memory only: what a crash of the store takes away is told as a gap, and is applied again,
 * which does no harm.
 */
const CHEAPLY = { writeConcern: { w: 1, journal: false } } as const;

/** Keeps in the service's own store up to where it has applied what its topics hold. */
export class OwnOffsets {
  /** What is not written yet. */
  private readonly waiting = new Map<string, LogPlace>();

  constructor(private readonly connection: Connection) {}

  /** All there are, by `ownKey`: one for each partition, also of logs that are gone. */
  async read(): Promise<Map<string, number>> {
    const found = await this.collection.find({}, { readPreference: 'primary' }).toArray();
    return new Map(found.map(({ _id, offset }) => [_id, offset]));
  }

  /**
   * Raises the store's offsets to places up to where everything has been applied; lower ones change nothing. What cannot be
   * written now (it throws) goes with the next write.
   */
  advance(places: readonly LogPlace[]): Promise<void> {
    for (const place of places) {
      const before = this.waiting.get(ownKey(place));
      if (!before || before.offset < place.offset) this.waiting.set(ownKey(place), place);
    }
    return this.flush();
  }

  /** Writes what could not be written before. */
  async flush(): Promise<void> {
    const places = [...this.waiting.values()];
    if (places.length === 0) return;
    await twice(() => this.write(places));
    for (const place of places) if (this.waiting.get(ownKey(place)) === place) this.waiting.delete(ownKey(place));
  }

  /** Raises the offset past records that were skipped; only where the store has come to `from`. */
  async passOver(place: LogPlace, from: number): Promise<void> {
    const filter = { _id: ownKey(place), offset: { $gte: from } };
    await this.collection.updateOne(filter, { $max: { offset: place.offset } }, CHEAPLY);
  }

  /**
   * Begins partitions that the store has nothing of, in this order; what another instance has begun stays as it is. A write
   * that breaks off has done the first ones.
   */
  async begin(places: readonly LogPlace[]): Promise<void> {
    if (places.length === 0) return;
    const at = new Date();
    const operations = places.map((place) => ({
      updateOne: {
        filter: { _id: ownKey(place) },
        update: { $setOnInsert: { ...nameOf(place), offset: place.offset, at } },
        upsert: true,
      },
    }));
    await twice(() => this.collection.bulkWrite(operations, { ...CHEAPLY, ordered: true }));
  }

  /** Sets the offset, also to a lower one; only where it is `from` still. */
  async move(place: LogPlace, from: number): Promise<void> {
    const filter = { _id: ownKey(place), offset: from };
    await this.collection.updateOne(filter, { $set: { offset: place.offset, at: new Date() } }, CHEAPLY);
  }

  private async write(places: readonly LogPlace[]): Promise<void> {
    const at = new Date();
    const operations = places.map((place) => ({
      updateOne: {
        filter: { _id: ownKey(place) },
        update: { $max: { offset: place.offset }, $set: { ...nameOf(place), at } },
        upsert: true,
      },
    }));
    await this.collection.bulkWrite(operations, { ...CHEAPLY, ordered: false });
  }

  private get collection(): mongo.Collection<OwnOffset> {
    const { db } = this.connection;
    if (!db) throw new StoreUnavailable();
    return db.collection<OwnOffset>('consumer.offsets');
  }
}

/** Once more where another instance made a document meanwhile. */
async function twice(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await write();
  }
}

function nameOf({ id, topic, partition }: LogPlace): Pick<OwnOffset, 'log' | 'topic' | 'partition'> {
  return { log: id, topic, partition };
}

export function ownKey({ id, partition }: { readonly id: string; readonly partition: number }): string {
  return `${id}:${partition}`;
}
