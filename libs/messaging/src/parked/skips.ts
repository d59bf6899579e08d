import type { Connection } from 'mongoose';
import { DURABLE } from '../durable';
import { type Skip, skipsOf } from './collections';

/** Pending skips that are read at a time; further ones wait. */
const MAX_PENDING = 1_000;

/** The records that operators have the consumer pass over unread; kept for good, as an audit trail. */
export class Skips {
  constructor(private readonly connection: Connection) {}

  /** Durable when it returns; the same one again replaces its reason. */
  async add({ topic, partition, offset, reason, by }: Omit<Skip, '_id' | 'at' | 'passedAt'>): Promise<void> {
    const content = { topic, partition, offset, reason, by, at: new Date(), passedAt: null };
    const _id = `${topic}:${partition}:${offset}`;
    await skipsOf(this.connection).replaceOne({ _id }, content, { ...DURABLE, upsert: true });
  }

  /** Those that the group is not yet behind, the oldest first. */
  async pending(topics: readonly string[]): Promise<Skip[]> {
    return skipsOf(this.connection)
      .find({ topic: { $in: [...topics] }, passedAt: null }, { readPreference: 'primary' })
      .sort({ at: 1 })
      .limit(MAX_PENDING)
      .toArray();
  }

  async passed(skips: readonly Skip[]): Promise<void> {
    if (skips.length === 0) return;
    const _ids = skips.map(({ _id }) => _id);
    await skipsOf(this.connection).updateMany({ _id: { $in: _ids } }, { $set: { passedAt: new Date() } }, DURABLE);
  }
}
