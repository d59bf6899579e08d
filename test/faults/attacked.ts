import { aftermath, lastWithin } from '../attacks/aftermath';
import { SetAside } from '../attacks/set-aside';
import { type Vitals, vitalsOf } from '../attacks/vitals';
import type { Storefront } from '../system/storefront';
import type { Deed, Plan } from './scenario';
import { violations } from './violation';

/** Between the last deed of an attack and the look at what is left of the system. */
const SETTLING_MS = 1_000;
/** For all hostile records, up to 60,000 or 40 MB of them, on two cores. */
const PASSED_MS = 60_000;
/** How often that time is given once more where partitions advanced in it, as they do on a machine that has other work. */
const EXTENSIONS = 3;

/**
 * The plan of an attack under load: what the processes take before it, its deeds, and what must hold after it. The records
 * that its deeds note must all be set aside in the end, and nothing else.
 */
export function underAttack(mark: string, deedsOf: (aside: SetAside) => Deed[]): Plan {
  const aside = new SetAside();
  let before: Vitals;
  let lanes: string[] = [];
  const deeds = deedsOf(aside);
  const last = Math.max(...deeds.map(({ atMs }) => atMs));
  return {
    load: { workers: 4, pauseMs: 50 },
    deeds: [
      {
        atMs: 0,
        what: 'what the processes take is noted',
        do: async ({ storefront }) => {
          await aside.begin(storefront);
          before = vitalsOf(storefront);
        },
      },
      ...deeds,
      {
        atMs: last + SETTLING_MS,
        what: 'all hostile records are got past; all live and are well, fresh customers get through, memory is given back',
        do: async (run) => {
          run.violated(...violations('drain', await aheadAtLast(run.storefront, aside)));
          run.violated(...(await aftermath(run.storefront, before, mark)));
          const seen = await aside.look(run.storefront);
          lanes = seen.lanes;
          run.violated(...seen.wrong);
        },
      },
    ],
    rest: () => ({ lanes }),
  };
}

/** Partitions that are not past the hostile records in the end, one line each. One that stands still is not waited for. */
async function aheadAtLast(storefront: Storefront, aside: SetAside): Promise<string[]> {
  let ahead = await aside.ahead(storefront);
  for (let extension = 0; extension <= EXTENSIONS && ahead.length > 0; extension++) {
    const before = ahead.join();
    ahead = await lastWithin(
      () => aside.ahead(storefront),
      (lines) => lines.length === 0,
      PASSED_MS,
    );
    if (ahead.join() === before) break;
  }
  return ahead;
}
