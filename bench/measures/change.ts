import { setTimeout as sleep } from 'node:timers/promises';
import { type Figures, spreads } from '../arithmetic/spread';
import { closedLoop } from '../load/closed-loop';
import { watchCpu } from '../rig/cpu';
import type { Contender } from '../rig/rig';
import { sameCount, sameDocuments } from './copies';
import { register } from './customers';
import { type Measure, type Result, scaled } from './measure';
import { perEvent } from './request-load';
import { senders } from './requests';

const CHANGES = 5_000;
const CUSTOMERS = 500;
const CONCURRENCY = 16;
const PATIENCE_MS = 120_000;

const kinds = ['POST customer', 'PATCH customer'] as const;

export const change: Measure = {
  name: 'change',
  about:
    'Customer changes from HTTP to the copy in Orders: events a second until both are equal, and CPU an event of every process',
  rig: { yardsticks: true },
  async measure(bench) {
    const runs = new Map<string, Figures[]>();
    const { contenders } = bench.rig;
    const ids = new Map<Contender, string[]>();
    for (const contender of contenders) {
      ids.set(contender, await register(contender, CUSTOMERS));
      for (const kind of kinds) await changes(bench, { contender, kind, ids: ids.get(contender) ?? [] });
    }
    for (let run = 1; run <= bench.runs; run++) {
      for (const contender of contenders) {
        for (const kind of kinds) {
          const figures = await changes(bench, { contender, kind, ids: ids.get(contender) ?? [] });
          const of = `${contender.name}, ${kind}`;
          runs.set(of, [...(runs.get(of) ?? []), figures]);
          bench.say(`  ${run}: ${of}: ${Math.round(figures['events/s'] ?? 0)} events/s`);
        }
      }
    }
    return [...runs].map(([of, figures]): Result => ({ of, figures: spreads(figures) }));
  },
};

interface Kind {
  readonly contender: Contender;
  readonly kind: (typeof kinds)[number];
  readonly ids: readonly string[];
}

async function changes(bench: Parameters<Measure['measure']>[0], { contender, kind, ids }: Kind): Promise<Figures> {
  const count = scaled(CHANGES, bench);
  const send = senders[kind](contender, ids);
  const used = watchCpu({ ...contender.pids, ...bench.rig.enginePids });
  const begin = performance.now();
  await closedLoop({ concurrency: CONCURRENCY, requests: count, send: async (n) => void (await send(n)) });
  const lastOnes = Array.from(
    { length: 2 * CONCURRENCY },
    (_, n) => ids[(count - 1 - n + ids.length) % ids.length] ?? '',
  );
  const seem = kind === 'POST customer' ? () => sameCount(contender) : () => sameDocuments(contender, lastOnes);
  // comparing everything is no part of what is measured
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(20)) {
    if (!(await seem())) continue;
    const seconds = (performance.now() - begin) / 1_000;
    const figures = perEvent(used(), count);
    if (!(await sameDocuments(contender))) continue;
    const both = (figures['accounts µs'] ?? 0) + (figures['orders µs'] ?? 0);
    return { 'events/s': count / seconds, 'accounts + orders µs': both, ...figures };
  }
  throw new Error(`The copies of ${contender.name} did not become equal within ${PATIENCE_MS / 1_000} s.`);
}
