import { frozen } from '../deeds';
import type { Scenario } from '../scenario';

/** Expelled from its group while it slept, it comes back by itself; what it had begun is neither lost nor done twice. */
export const consumersFrozen: Scenario = {
  name: 'consumers-frozen',
  family: 'stopped',
  about: 'SIGSTOP of each consumer past its session of 3 s, SIGCONT',
  plan: (chance) => ({
    deeds: (['orders', 'fulfillment'] as const).flatMap((whom, index) => {
      const atMs = index * 12_000 + chance.between(500, 2_000);
      return frozen(whom, atMs, chance.between(5_000, 8_000));
    }),
  }),
};
