import { type Figures, spreads } from '../arithmetic/spread';
import { closedLoop } from '../load/closed-loop';
import { startProfile } from '../profile/profiler';
import { shares } from '../profile/shares';
import { watchCpu } from '../rig/cpu';
import { register } from './customers';
import { type Measure, type Result, scaled } from './measure';
import { senders } from './requests';

const CONCURRENCY = 8;
const CUSTOMERS = 500;
const WARM_UP = 4_000;

const loads = ['GET item', 'GET page of 20', 'POST customer', 'PATCH customer'] as const;

/** Once each: a profile is no clock, it says where the time of the others goes. */
export const whereTimeGoes: Measure = {
  name: 'profile',
  about:
    'CPU profiles under load: which part of the CPU of a request, and of an event in Orders, is whose (the profiler costs some itself)',
  rig: { yardsticks: false, inspected: ['accounts', 'orders'] },
  async measure(bench) {
    const { rig } = bench;
    const ids = await register(rig.storefront, CUSTOMERS);
    const results: Result[] = [];
    for (const request of loads) {
      const send = senders[request](rig.storefront, ids);
      const run = (limits: { requests?: number; durationMs?: number }) =>
        closedLoop({ ...limits, concurrency: CONCURRENCY, send: async (n) => void (await send(n)) });
      await run({ requests: scaled(WARM_UP, bench) });
      const names = request.startsWith('GET') ? (['accounts'] as const) : (['accounts', 'orders'] as const);
      const profiles = await Promise.all(names.map((name) => startProfile(rig.inspectorPort(name))));
      const used = watchCpu(rig.storefront.pids);
      const { requests } = await run({ durationMs: 2 * bench.seconds * 1_000 });
      const cpu = used();
      for (const [index, name] of names.entries()) {
        const profile = await profiles[index]?.();
        if (!profile) continue;
        const each = ((cpu[name] ?? 0) * 1_000) / requests;
        results.push({ of: `${name}, ${request}`, figures: spreads([figuresOf(shares(profile), each)]) });
      }
      bench.say(`  ${request}`);
    }
    return results;
  },
};

/** The metrics' share in % too: it is promised. */
function figuresOf(share: ReadonlyMap<string, number>, each: number): Figures {
  const places = [...share].map(([place, part]) => [`${place} µs`, part * each] as const);
  return { 'all µs': each, 'metrics %': (share.get('metrics') ?? 0) * 100, ...Object.fromEntries(places) };
}
