import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../system/metrics';
import type { Storefront } from '../../system/storefront';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const groups = [
  ['orders', ['accounts.customer.change', 'fulfillment.order.change']],
  ['fulfillment', ['orders.order.fulfill']],
] as const;

/** Whole topics come again, twice, while their owners go on. */
export const groupsToEarliest: Scenario = {
  name: 'groups-to-earliest',
  family: 'data',
  about: 'consumers stopped, their groups set to the beginning of their topics, and started; twice',
  plan() {
    const again = async ({ storefront }: { storefront: Storefront }) => {
      await away(storefront, async (group, topics) => {
        const starts = (await storefront.topics.ends(topics)).map((end) => ({ ...end, offset: '0' }));
        await storefront.topics.moveGroup(group, starts);
      });
    };
    return {
      deeds: [
        { atMs: 4_000, what: 'both groups to the beginning', do: again },
        { atMs: 9_000, what: 'both groups to the beginning', do: again },
      ],
    };
  },
};

/** A group whose offsets expired: what was written while nobody listened must not be missed. */
export const groupsForgotten: Scenario = {
  name: 'groups-forgotten',
  family: 'data',
  about: 'consumers stopped, their groups deleted, and started while more is written',
  plan() {
    return {
      deeds: [
        {
          atMs: 3_000,
          what: 'both groups deleted while their services are away',
          do: ({ storefront }) =>
            away(storefront, (group) => storefront.topics.admin((admin) => admin.deleteGroups([group]))),
        },
        { atMs: 6_000, what: 'load goes on', do: () => undefined },
      ],
    };
  },
};

/** What somebody had their groups skip while nobody listened: the stores know where they were. */
export const groupsToLatest: Scenario = {
  name: 'groups-to-latest',
  family: 'data',
  about: 'consumers stopped, their groups set to the end of their topics while more is written, and started; twice',
  plan() {
    const skip = async ({ storefront }: { storefront: Storefront }) => {
      await Promise.all(groups.map(([service]) => storefront.terminate(service)));
      // written meanwhile, by the services that are left
      await sleep(1_500);
      await Promise.all(
        groups.map(async ([group, topics]) => storefront.topics.moveGroup(group, await storefront.topics.ends(topics))),
      );
      await Promise.all(groups.map(([service]) => storefront.restart(service)));
    };
    return {
      deeds: [
        { atMs: 3_000, what: 'both groups to the end', do: skip },
        { atMs: 9_000, what: 'both groups to the end', do: skip },
      ],
      check: async ({ storefront }) => {
        const gaps = await counted(storefront, 'orders', 'consumer_gaps_total');
        return unless(gaps > 0, 'Orders found no gap, although its group was moved');
      },
    };
  },
};

async function away(
  storefront: Storefront,
  work: (group: string, topics: readonly string[]) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    groups.map(async ([service, topics]) => {
      await storefront.terminate(service);
      await work(service, topics);
    }),
  );
  await Promise.all(groups.map(([service]) => storefront.restart(service)));
}
