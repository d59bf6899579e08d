import { readFileSync } from 'node:fs';

/**
 * What the main thread of a process, which is its event loop, has spent on a processor so far, ms. Not the time that passes: a
 * busy machine changes nothing. Undefined where the operating system is none that tells it.
 */
export function eventLoopMs(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}
