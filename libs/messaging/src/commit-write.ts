import { StoreUnavailable } from './failures';
import type { AggregateWrite } from './aggregate-write';
import { neverSent } from './mongo-errors';
import type { SharedWrites } from './shared-writes';

/** How long the outcome of a write is asked for after its connection broke, ms. */
const LOOKUP_MS = 5_000;
const MAX_PAUSE_MS = 500;

/**
 * Makes one write, exactly once: true when the document was written, false when somebody else was faster. A write whose
 * answer was lost is looked for by its id before it is made again (R6). Throws StoreUnavailable when the store does not say
 * what became of it: then it may have been made.
 */
export async function commitWrite<S>(writes: SharedWrites, write: AggregateWrite<S>): Promise<boolean> {
  const giveUpAt = performance.now() + LOOKUP_MS;
  const first = await writes.attempt(write);
  if (typeof first === 'boolean') return first;
  if (neverSent(first.trouble)) throw new StoreUnavailable(first.trouble);
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const outcome = await writes.outcome(write);
    if (outcome === 'written') return true;
    if (outcome === 'never') return false;
    if (outcome === 'unknown' || performance.now() > giveUpAt) throw new StoreUnavailable(first.trouble);
    if (outcome === 'not yet' && (await writes.alone(write)) === true) return true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
