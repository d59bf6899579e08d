import type { Whom } from '../../system/processes';
import { frozen, killedAgainAndAgain } from '../deeds';
import type { Scenario } from '../scenario';

const both: readonly Whom[] = ['accounts', 'accounts-2', 'orders', 'orders-2', 'fulfillment', 'fulfillment-2'];

/** Two of each service publish, sweep and consume on one store and in one group. */
export const twoInstancesKilled: Scenario = {
  name: 'two-instances-killed',
  family: 'instances',
  about: 'two instances of every service; kill -9 of a random one every 1 to 3 s',
  needs: { second: true },
  plan: (chance) => ({
    deeds: killedAgainAndAgain(chance, { among: both, lastMs: 25_000, everyMs: [1_000, 3_000] }),
    load: { workers: 8 },
  }),
};

/** What one held when it froze the other has taken over; when it wakes it must not do harm. */
export const twoInstancesFrozen: Scenario = {
  name: 'two-instances-frozen',
  family: 'instances',
  about: 'SIGSTOP of one of two instances past its session, SIGCONT: a zombie of its group',
  needs: { second: true },
  plan: (chance) => ({
    deeds: both.flatMap((whom, index) => frozen(whom, index * 7_000, chance.between(4_000, 6_000))),
  }),
};
