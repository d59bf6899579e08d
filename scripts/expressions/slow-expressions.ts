import { checkSync } from 'recheck';
import type { Expression } from './expressions-in';

// the other back ends are programs of their own, which not every system has
process.env.RECHECK_SYNC_BACKEND = 'pure';
const limitMs = 20_000;
/** Where it is too large to be proved, texts are tried and their time is taken: a busy machine may be slow once, not each time. */
const mostTries = 3;

/**
 * What is wrong with a regular expression: undefined where its time grows with the length of the text, however long that is; otherwise
 * how it grows and a text that shows it, or that it could not be told within 20 s.
 */
export function slowness({ source, flags, isComputed }: Expression): string | undefined {
  if (isComputed) return 'is computed, so nobody can tell';
  let result = checkSync(source, flags, { timeout: limitMs });
  for (let tries = 1; tries < mostTries && result.status !== 'safe' && result.checker === 'fuzz'; tries++)
    result = checkSync(source, flags, { timeout: limitMs });
  if (result.status === 'safe') return undefined;
  if (result.status === 'unknown') return `cannot be told (${result.error.kind})`;
  return `${result.complexity.summary}, as for ${result.attack.pattern}`;
}
