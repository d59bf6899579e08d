import { whenNpmIsGone } from './when-npm-is-gone';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Aborts when the process is told to end, or npm was told in its place, so that a command can give back what it holds; a second signal ends
 * the process as if nobody had listened. To be asked for once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const end = (why: string) => stop.abort(new Error(`Ended by ${why}.`));
  for (const signal of signals) process.once(signal, () => end(signal));
  whenNpmIsGone(() => end('the end of npm'));
  return stop.signal;
}
