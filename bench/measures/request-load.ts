import { type Figures, spreads } from '../arithmetic/spread';
import { TOLERANCE } from '../arithmetic/littles-law';
import { closedLoop, type LoadResult } from '../load/closed-loop';
import { type Pids, watchCpu } from '../rig/cpu';
import type { Rig } from '../rig/rig';
import { type Bench, type Result, scaled } from './measure';

const CONCURRENCY = 8;
/** What V8 needs to have compiled the way of a request for good: its compiler's threads are CPU of the process too. */
const WARM_UP = 20_000;
const MOST_WARM_UP_MS = 12_000;

export interface RequestLoad {
  /** As in `Result`. */
  readonly of: string;
  readonly pids: Pids;
  readonly send: (n: number) => Promise<unknown>;
  /** Requests before anything is measured, 12 s at most; 20,000 unless given. */
  readonly warmUp?: number;
  /** Requests under way; 8 unless given. */
  readonly concurrency?: number;
}

/** Warms each up, then takes them in turn, run by run, so that a noisy minute is not one contender's alone. */
export async function measureRequests(bench: Bench & { rig: Rig }, loads: readonly RequestLoad[]): Promise<Result[]> {
  for (const { send, warmUp = WARM_UP, concurrency } of loads) {
    await load({ send, requests: scaled(warmUp, bench), durationMs: MOST_WARM_UP_MS, concurrency });
  }
  const runs = new Map<string, Figures[]>(loads.map(({ of }) => [of, []]));
  for (let run = 1; run <= bench.runs; run++) {
    for (const { of, pids, send, concurrency } of loads) {
      const used = watchCpu({ ...pids, ...bench.rig.enginePids });
      const result = await load({ send, durationMs: bench.seconds * 1_000, concurrency });
      const figures = { ...rates(result), ...perEvent(used(), result.requests) };
      runs.get(of)?.push(figures);
      bench.say(`  ${run}: ${of}: ${Math.round(result.ratePerSecond)} req/s`);
    }
  }
  return [...runs].map(([of, figures]) => ({ of, figures: spreads(figures) }));
}

interface Load extends Pick<RequestLoad, 'send'> {
  readonly requests?: number;
  readonly durationMs: number;
  readonly concurrency: number | undefined;
}

async function load({ concurrency = CONCURRENCY, ...options }: Load) {
  const send = async (n: number) => void (await options.send(n));
  const result = await closedLoop({ ...options, send, concurrency });
  if (result.requests > 100 && Math.abs(result.deviation) > TOLERANCE) {
    throw new Error(`The client's own figures do not agree: off Little's law by ${result.deviation.toFixed(3)}.`);
  }
  return result;
}

function rates({ ratePerSecond, p50Ms, p99Ms, deviation }: LoadResult): Figures {
  return { 'req/s': ratePerSecond, 'p50 ms': p50Ms, 'p99 ms': p99Ms, "off Little's law %": deviation * 100 };
}

/** CPU by process, ms, as µs for each of so many events. */
export function perEvent(cpuMs: Readonly<Record<string, number>>, events: number): Figures {
  return Object.fromEntries(Object.entries(cpuMs).map(([name, ms]) => [`${name} µs`, (ms * 1_000) / events]));
}
