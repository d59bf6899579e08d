import type { Deed, Scenario } from '../scenario';

/** Expelled from its group while it slept, it comes back by itself; what it had begun is neither lost nor done twice. */
export const consumersFrozen: Scenario = {
  name: 'consumers-frozen',
  family: 'stopped',
  about: 'SIGSTOP of each consumer past its session of 3 s, SIGCONT',
  plan: (chance) => ({
    deeds: (['orders', 'fulfillment'] as const).flatMap((whom, index): Deed[] => {
      const atMs = index * 12_000 + chance.between(500, 2_000);
      return [
        { atMs, what: `SIGSTOP ${whom}`, do: ({ storefront }) => storefront.signal(whom, 'SIGSTOP') },
        {
          atMs: atMs + chance.between(5_000, 8_000),
          what: `SIGCONT ${whom}`,
          do: ({ storefront }) => storefront.signal(whom, 'SIGCONT'),
        },
      ];
    }),
  }),
};
