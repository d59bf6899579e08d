import { DURABLE, isDuplicateKey, StoreUnavailable } from '@storefront/messaging';
import type { Connection, mongo } from 'mongoose';
import { type LeaseSeen, type LeaseState, Reconciliation, type ReconciledLink } from '../domain/reconciliation';

const ID = 'lease';

interface LeaseDocument {
  readonly _id: string;
  readonly holder: string | null;
  readonly beat: number;
  readonly last?: { readonly links: readonly ReconciledLink[]; readonly endedAt: number };
}

/** The lease as one document in the collection `reconciliation`. */
export class MongoReconciliation extends Reconciliation {
  constructor(private readonly connection: Connection) {
    super();
  }

  async state(): Promise<LeaseState> {
    const found = await this.collection.findOne({ _id: ID }, { readPreference: 'primary' });
    const { holder = null, beat = 0, last } = found ?? {};
    if (!last) return { holder, beat };
    return { holder, beat, last: { links: last.links, agoMs: Math.max(0, Date.now() - last.endedAt) } };
  }

  async take(holder: string, seen: LeaseSeen): Promise<boolean> {
    await this.prepare();
    const filter = { _id: ID, holder: seen.holder, beat: seen.beat };
    const { matchedCount } = await this.collection.updateOne(filter, { $set: { holder }, $inc: { beat: 1 } }, DURABLE);
    return matchedCount === 1;
  }

  async beat(holder: string): Promise<boolean> {
    const { matchedCount } = await this.collection.updateOne({ _id: ID, holder }, { $inc: { beat: 1 } });
    return matchedCount === 1;
  }

  async end(holder: string, links?: readonly ReconciledLink[]): Promise<void> {
    const last = links && { links, endedAt: Date.now() };
    const update = { $set: { holder: null, ...(last && { last }) }, $inc: { beat: 1 } };
    await this.collection.updateOne({ _id: ID, holder }, update, DURABLE);
  }

  private async prepare(): Promise<void> {
    const free = { $setOnInsert: { holder: null, beat: 0 } };
    await this.collection.updateOne({ _id: ID }, free, { upsert: true }).catch((error: unknown) => {
      // somebody else made it at the same time
      if (!isDuplicateKey(error)) throw error;
    });
  }

  private get collection(): mongo.Collection<LeaseDocument> {
    const { db } = this.connection;
    if (!db) throw new StoreUnavailable();
    return db.collection<LeaseDocument>('reconciliation');
  }
}
