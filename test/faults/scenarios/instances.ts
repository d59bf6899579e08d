import type { Whom } from '../../system/storefront';
import type { Deed, Scenario } from '../scenario';

const both: readonly Whom[] = ['accounts', 'accounts-2', 'orders', 'orders-2', 'fulfillment', 'fulfillment-2'];
const LAST_MS = 25_000;

/** Two of each service publish, sweep and consume on one store and in one group. */
export const twoInstancesKilled: Scenario = {
  name: 'two-instances-killed',
  family: 'instances',
  about: 'two instances of every service; kill -9 of a random one every 1 to 3 s',
  needs: { second: true },
  plan(chance) {
    const starts: Promise<void>[] = [];
    const deeds: Deed[] = [];
    for (let atMs = 0; atMs < LAST_MS; atMs += chance.between(1_000, 3_000)) {
      const whom = chance.pick(both) ?? 'orders';
      deeds.push({
        atMs,
        what: `kill -9 ${whom}, started again at once`,
        async do({ storefront }) {
          await storefront.kill(whom);
          starts.push(storefront.restart(whom));
        },
      });
    }
    deeds.push({ atMs: LAST_MS, what: 'all are back', do: () => Promise.all(starts) });
    return { deeds, load: { workers: 8 } };
  },
};

/** What one held when it froze the other has taken over; when it wakes it must not do harm. */
export const twoInstancesFrozen: Scenario = {
  name: 'two-instances-frozen',
  family: 'instances',
  about: 'SIGSTOP of one of two instances past its session, SIGCONT: a zombie of its group',
  needs: { second: true },
  plan(chance) {
    return {
      deeds: both.flatMap((whom, index): Deed[] => {
        const frozenMs = chance.between(4_000, 6_000);
        return [
          { atMs: index * 7_000, what: `SIGSTOP ${whom}`, do: ({ storefront }) => storefront.signal(whom, 'SIGSTOP') },
          {
            atMs: index * 7_000 + frozenMs,
            what: `SIGCONT ${whom}`,
            do: ({ storefront }) => storefront.signal(whom, 'SIGCONT'),
          },
        ];
      }),
    };
  },
};
