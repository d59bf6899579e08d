import { clockShifted } from '../hooks';
import type { Scenario } from '../scenario';

const TEN_MINUTES_MS = 600_000;

/** No clock is compared with another: neither order nor what a dead process left behind depends on them. */
export const clocksApart: Scenario = {
  name: 'clocks-apart',
  family: 'data',
  about: 'clocks ten minutes ahead and behind, and every service killed before it has published',
  needs: {
    services: { accounts: clockShifted(TEN_MINUTES_MS), orders: clockShifted(-TEN_MINUTES_MS) },
  },
  plan(chance) {
    const services = ['accounts', 'orders', 'fulfillment'] as const;
    return {
      deeds: services.map((service, index) => {
        const nth = 1 + chance.below(30);
        return {
          atMs: 2_000 + 4_000 * index,
          what: `${service} dies before publishing, at write ${nth}`,
          do: async ({ storefront }) => {
            const { dead } = await storefront.restartToDieAt(service, 'document-written', nth);
            await dead;
            // now its clock is right, and everything it left behind has a time of its own
            await storefront.restart(service, {});
          },
        };
      }),
    };
  },
};
