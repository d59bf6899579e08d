import { eventually } from '../../eventually';
import type { Storefront } from '../../system/storefront';
import type { FaultRun } from '../fault-run';
import { badHandler } from '../hooks';
import { arrived, registered, requested, succeed } from '../requests';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const CUSTOMERS = 8;
const REPORTS = 4;
const mark = 'handler-throws';
const instances = ['orders', 'orders-2'] as const;

/** By hand at both instances at once and by themselves, while new events of the same aggregates arrive and the group rebalances. */
export const lanesRedriven: Scenario = {
  name: 'lanes-redriven',
  family: 'poison',
  about: 'lanes redriven by two instances and by hand, under load and while the group rebalances',
  needs: { second: true },
  plan() {
    const guids: string[] = [];
    const ids = Array.from({ length: CUSTOMERS }, (_, index) => `redriven-${index}`);
    let parked = 0;
    return {
      deeds: [
        {
          atMs: 0,
          what: 'the handlers of both instances of Orders become bad; customers and reports are parked',
          do: async (run) => {
            const { storefront } = run;
            await Promise.all(ids.map((id) => registered(storefront, id)));
            for (const id of ids) await arrived(storefront, id);
            for (const id of ids.slice(0, REPORTS)) guids.push(await requested(storefront, id));
            await Promise.all(instances.map((whom) => storefront.restart(whom, badHandler)));
            await Promise.all(ids.map((id) => registered(storefront, id, `${id}-${mark}`)));
            for (const guid of guids) await move(storefront, guid, 'process', mark);
            for (const guid of guids) await move(storefront, guid, 'hold', 'waits behind the other');
            parked = await eventually(
              () => laneCount(storefront),
              (count) => count >= CUSTOMERS + REPORTS,
              60_000,
            );
          },
        },
        {
          atMs: 1_000,
          what: 'good handlers again: redrives everywhere, a restless member, and news of the same aggregates',
          do: async (run) => {
            const { storefront } = run;
            await Promise.all(instances.map((whom) => storefront.restart(whom)));
            const news = (async () => {
              for (const guid of guids) await move(storefront, guid, 'process', 'after the redrive');
              for (const id of ids) await registered(storefront, id, `${id}-again`);
            })();
            await Promise.all([restless(storefront), news, ...instances.map((whom) => redriveUntilEmpty(run, whom))]);
          },
        },
      ],
      check: () => Promise.resolve(unless(parked >= CUSTOMERS + REPORTS, `${parked} lanes`, 'harness')),
    };
  },
};

async function move(storefront: Storefront, guid: string, command: string, note: string): Promise<void> {
  await succeed(storefront, 'POST', `/fulfillment/fulfillments/${guid}/${command}`, { note });
}

async function laneCount({ stores }: Storefront): Promise<number> {
  return stores.lanes('orders').countDocuments({});
}

/** Joins Orders' group and leaves it, again and again. */
async function restless({ topics }: Storefront): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await topics.visit('orders', ['accounts.customer.change', 'fulfillment.order.change'], 1_000);
  }
}

async function redriveUntilEmpty({ storefront }: FaultRun, whom: (typeof instances)[number]): Promise<void> {
  const { username, password } = storefront.management;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const redrive = async () => {
    await storefront.client(whom)('POST', '/actuator/parked/redrive', {}, { authorization });
    return laneCount(storefront);
  };
  await eventually(redrive, (left) => left === 0, 60_000);
}
