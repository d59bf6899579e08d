import { trace } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import { type AggregateWrite, outcomeOf, type WriteOutcome } from './aggregate-write';
import type { AggregateDocument, NativeCollection } from './document';
import { DURABLE } from './durable';
import { duplicatesIn, isDuplicateKey, isStoreTrouble } from './mongo-errors';
import { allOf, SharedRequests } from './shared-requests';

const OPTIONS = { ...DURABLE, ignoreUndefined: true } as const;

/** True: written. False: somebody else was faster. Trouble: nobody knows. */
export type Attempt = boolean | { readonly trouble: unknown };
type Write = AggregateWrite<unknown>;

/**
 * Attempts at the writes of one collection's documents; those that are made at the same time reach the store as one unordered
 * insert, or one update. Each is still one atomic write of one document, and each learns what became of itself.
 */
export class SharedWrites {
  private readonly inserts = new SharedRequests<Write, Attempt>((writes) => this.together(writes));
  private readonly updates = new SharedRequests<Write, Attempt>((writes) => this.together(writes));

  constructor(private readonly collection: () => NativeCollection) {}

  /** Throws what the store will not take, however often it is asked. */
  attempt(write: Write): Promise<Attempt> {
    // a trace has its own write, not one that it shares with strangers
    if (trace.getActiveSpan()?.isRecording()) return this.alone(write);
    return (write.baseVersion === undefined ? this.inserts : this.updates).ask(write);
  }

  /** What became of a write whose answer was lost, as a majority of the store knows it. */
  async outcome(write: Write): Promise<WriteOutcome | 'no answer'> {
    try {
      const now: AggregateDocument | null = await this.collection().findOne(
        { _id: write._id },
        {
          projection: { version: 1, recentEventIds: 1 },
          readConcern: { level: 'majority' },
          readPreference: 'primary',
        },
      );
      return outcomeOf(write, now);
    } catch (error) {
      if (isStoreTrouble(error)) return 'no answer';
      throw error;
    }
  }

  async alone(write: Write): Promise<Attempt> {
    try {
      if (write.baseVersion === undefined) {
        await this.collection().insertOne(write.document, OPTIONS);
        return true;
      }
      return (await this.collection().updateOne(write.filter, write.update, OPTIONS)).matchedCount === 1;
    } catch (trouble) {
      if (isDuplicateKey(trouble)) return false;
      if (isStoreTrouble(trouble)) return { trouble };
      throw trouble;
    }
  }

  private async together(writes: readonly Write[]): Promise<(Attempt | Error)[]> {
    const [first] = writes;
    if (writes.length === 1 && first) return [await this.alone(first)];
    try {
      const result = await this.collection().bulkWrite(writes.map(operationOf), { ...OPTIONS, ordered: false });
      if (result.insertedCount + result.matchedCount === writes.length) return writes.map(() => true);
    } catch (error) {
      if (isStoreTrouble(error)) return writes.map(() => ({ trouble: error }));
      const refused = duplicatesIn(error);
      if (refused && writes.every(({ baseVersion }) => baseVersion === undefined)) {
        return writes.map((_, position) => !refused.includes(position));
      }
    }
    return allOf(writes, (write) => this.apart(write));
  }

  /** Of a bulk that was not all made: its answer counts the updates that matched, but does not name them. */
  private async apart(write: Write): Promise<Attempt> {
    const outcome = await this.outcome(write);
    if (outcome === 'written') return true;
    // 'never' has lost for sure; once more does no harm, and tells what is wrong with a write that is refused
    if (outcome === 'never' || outcome === 'not yet') return this.alone(write);
    return { trouble: new Error('the answer of a bulk write does not tell what became of one of its writes') };
  }
}

function operationOf({ baseVersion, document, filter, update }: Write): mongo.AnyBulkWriteOperation<AggregateDocument> {
  return baseVersion === undefined ? { insertOne: { document } } : { updateOne: { filter, update } };
}
