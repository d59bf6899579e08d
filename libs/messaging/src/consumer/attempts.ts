/**
 * How often, in batches of how many and for how long events are handed to a handler that does not come back: in ever smaller
 * batches, so that the event at which it hangs stands alone at last. One such event costs the sum of the limits, whatever the
 * batch it came in.
 */
export const ATTEMPTS = [
  { events: 500, limitMs: 10_000 },
  { events: 25, limitMs: 5_000 },
  { events: 1, limitMs: 5_000 },
] as const;

export type Attempt = 0 | 1 | 2;

/** Events stand alone in it. */
export const LAST_ATTEMPT = 2 satisfies Attempt;

export function nextAttempt(attempt: Attempt): Attempt {
  return attempt === 0 ? 1 : LAST_ATTEMPT;
}
