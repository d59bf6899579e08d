import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpuMs, type ProcessTimes, processTimes, statusMb } from '../arithmetic/process-times';

/** Process ids by what they are: `accounts`, `store` … */
export type Pids = Readonly<Record<string, number>>;

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Starts to count the CPU of these processes; the returned function says how many ms each has used since. */
export function watchCpu(pids: Pids): () => Record<string, number> {
  const before = new Map(Object.entries(pids).map(([name, pid]) => [name, timesOf(pid)]));
  return () =>
    Object.fromEntries(
      [...before].map(([name, times]) => [name, cpuMs(times, timesOf(pids[name] ?? 0), ticksPerSecond)]),
    );
}

/** Of the process with all its threads, now; `VmHWM` is the most it ever had. */
export function memoryMb(pid: number, name: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  return statusMb(readFileSync(`/proc/${pid}/status`, 'utf8'), name);
}

function timesOf(pid: number): ProcessTimes {
  return processTimes(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
