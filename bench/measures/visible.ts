import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { percentile } from '../arithmetic/percentiles';
import { type Figures, spreads } from '../arithmetic/spread';
import { closedLoop } from '../load/closed-loop';
import { expecting } from '../load/http';
import { shown } from '../report/targets';
import type { Contender } from '../rig/rig';
import { hasCaughtUp } from './copies';
import { newDetails, register } from './customers';
import { type Measure, type Result, scaled } from './measure';
import { senders } from './requests';

const PROBES = 150;
const LOADED_CUSTOMERS = 200;
const LOAD = 4;
/** A change that is not copied by then is taken for lost, and counted. */
const PATIENCE_MS = 10_000;
/** No further change is made after it: whoever loses many would take the patience for each. */
const BUDGET_MS = 30_000;
/** For what a turn left behind. */
const CATCH_UP_MS = 60_000;
const MOST_PAUSE_MS = 40;

export const visible: Measure = {
  name: 'visible',
  about: 'A customer change from the request (PATCH) until it is in the copy that Orders keeps, quiet and under load',
  rig: { yardsticks: true },
  async measure(bench) {
    const { contenders } = bench.rig;
    const probes = scaled(PROBES, bench);
    const runs = new Map<string, Figures[]>();
    const note = (of: string, figures: Figures) => runs.set(of, [...(runs.get(of) ?? []), figures]);
    const ids = new Map<Contender, string[]>();
    for (const contender of contenders) {
      ids.set(contender, await register(contender, LOADED_CUSTOMERS));
      await probe(contender, probes);
    }
    for (let run = 1; run <= bench.runs; run++) {
      for (const contender of contenders) {
        const quiet = await probe(contender, probes);
        const underLoad = await loadedProbe(contender, ids.get(contender) ?? [], probes);
        note(`${contender.name}, quiet`, quiet);
        note(`${contender.name}, under load`, underLoad);
        bench.say(`  ${run}: ${contender.name}: quiet ${told(quiet)}; under load ${told(underLoad)}`);
        if (await hasCaughtUp(contender, CATCH_UP_MS)) continue;
        bench.say(
          `  ${run}: ${contender.name} is still behind after ${CATCH_UP_MS / 1_000} s: it works on during other turns`,
        );
      }
    }
    return [...runs].map(([of, figures]): Result => ({ of, figures: spreads(figures) }));
  },
};

async function loadedProbe(contender: Contender, ids: readonly string[], probes: number): Promise<Figures> {
  let isOver = false;
  const patch = senders['PATCH customer'](contender, ids);
  const load = closedLoop({
    concurrency: LOAD,
    isOver: () => isOver,
    send: async (n) => void (await patch(n)),
  });
  try {
    return await probe(contender, probes);
  } finally {
    isOver = true;
    await load;
  }
}

/** One change after the other, each at some other time of whatever goes round in the system. */
async function probe(contender: Contender, count: number): Promise<Figures> {
  const [id = ''] = await register(contender, 1);
  const latencies: number[] = [];
  let changes = 0;
  for (const end = performance.now() + BUDGET_MS; changes < count && performance.now() < end; changes++) {
    const { mark, body } = newDetails();
    const begin = performance.now();
    await expecting(200, 'PATCH', `${contender.url}/customers/${id}`, body);
    if (await isCopied(contender, id, mark)) latencies.push(performance.now() - begin);
    await sleep(Math.random() * MOST_PAUSE_MS);
  }
  const counts = { changes, 'not copied': changes - latencies.length };
  if (latencies.length === 0) return counts;
  return { ...counts, 'p50 ms': percentile(latencies, 0.5), 'p99 ms': percentile(latencies, 0.99) };
}

function told({ changes = 0, 'not copied': lost = 0, 'p50 ms': p50Ms }: Figures): string {
  const latency = p50Ms === undefined ? 'no time' : `p50 ${shown(p50Ms)} ms`;
  return `${latency}, ${lost} of ${changes} not copied`;
}

async function isCopied({ replicas }: Contender, id: string, mark: string): Promise<boolean> {
  const wanted = { _id: new mongo.ObjectId(id) };
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const copy = await replicas.findOne(wanted, { projection: { contact: 1 } });
    if ((copy?.['contact'] as { email?: string } | undefined)?.email === mark) return true;
  }
  return false;
}
