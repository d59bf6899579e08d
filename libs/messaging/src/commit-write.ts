import type { AggregateDocument, NativeCollection } from './document';
import { DURABLE } from './durable';
import { StoreUnavailable } from './failures';
import { type AggregateWrite, outcomeOf, type WriteOutcome } from './aggregate-write';
import { isDuplicateKey, isStoreTrouble, neverSent } from './mongo-errors';

/** How long the outcome of a write is asked for after its connection broke, ms. */
const LOOKUP_MS = 5_000;
const MAX_PAUSE_MS = 500;
const OPTIONS = { ...DURABLE, ignoreUndefined: true } as const;

/**
 * Makes one write, exactly once: true when the document was written, false when somebody else was faster. A write whose
 * answer was lost is looked for by its id before it is made again (R6). Throws StoreUnavailable when the store does not say
 * what became of it: then it may have been made.
 */
export async function commitWrite<S>(collection: NativeCollection, write: AggregateWrite<S>): Promise<boolean> {
  const giveUpAt = performance.now() + LOOKUP_MS;
  const first = await attempt(collection, write);
  if (typeof first === 'boolean') return first;
  if (neverSent(first.trouble)) throw new StoreUnavailable(first.trouble);
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const outcome = await outcomeNow(collection, write);
    if (outcome === 'written') return true;
    if (outcome === 'never') return false;
    if (outcome === 'unknown' || performance.now() > giveUpAt) throw new StoreUnavailable(first.trouble);
    if (outcome === 'not yet' && (await attempt(collection, write)) === true) return true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** True: written. False: refused. */
async function attempt<S>(
  collection: NativeCollection,
  write: AggregateWrite<S>,
): Promise<boolean | { trouble: unknown }> {
  try {
    if (write.baseVersion === undefined) {
      await collection.insertOne(write.document, OPTIONS);
      return true;
    }
    return (await collection.updateOne(write.filter, write.update, OPTIONS)).matchedCount === 1;
  } catch (trouble) {
    if (isDuplicateKey(trouble)) return false;
    if (isStoreTrouble(trouble)) return { trouble };
    throw trouble;
  }
}

async function outcomeNow<S>(
  collection: NativeCollection,
  write: AggregateWrite<S>,
): Promise<WriteOutcome | 'no answer'> {
  try {
    const now: AggregateDocument | null = await collection.findOne(
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
