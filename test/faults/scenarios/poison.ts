import { eventually } from '../../eventually';
import { orderBody } from '../../system/bodies';
import type { Storefront } from '../../system/storefront';
import { again } from '../../system/topic-records';
import type { FaultRun } from '../fault-run';
import { badHandler } from '../hooks';
import { consumers, parked, ParkedLanes } from '../parked-lanes';
import { poisonsFor } from '../poison-records';
import { arrived, registered, requested, succeed } from '../requests';
import type { Scenario } from '../scenario';
import { topicNames } from '../told-on-topics';
import { unless } from '../violation';

const PARTITIONS = 3;
/** A handler that never returns takes its time. */
const PARKED_MS = 180_000;

/** Everything that cannot be applied, on every topic, under load: set aside as it came, and in nobody's way. */
export const poison: Scenario = {
  name: 'poison',
  family: 'poison',
  about: 'records nobody can read, and handlers that throw, say nothing and hang; parked, redriven, discarded',
  plan(chance) {
    let lanes: ParkedLanes;
    const badly = new Map<string, string>();
    const sets = topicNames.map((topic) => ({
      topic,
      poisons: poisonsFor(topic, String(chance.below(1_000))).map((one) => ({
        one,
        partition: chance.below(PARTITIONS),
      })),
    }));
    return {
      deeds: [
        {
          atMs: 0,
          what: 'the handlers of Orders and Fulfillment become bad',
          do: async ({ storefront }) => {
            lanes = new ParkedLanes(storefront);
            await Promise.all(consumers.map((service) => storefront.restart(service, badHandler)));
          },
        },
        {
          atMs: 4_000,
          what: 'records of every kind that nobody can read',
          do: async () => {
            for (const { topic, poisons } of sets) {
              for (const { one, partition } of poisons) await lanes.poison(topic, one, partition);
            }
          },
        },
        {
          atMs: 5_000,
          what: 'events at which handlers throw, say nothing and hang',
          do: async ({ storefront }) => {
            for (const fault of ['throws', 'silent', 'hangs']) {
              for (const [lane, id] of await handledBadly(storefront, fault)) badly.set(lane, id);
            }
          },
        },
        { atMs: 6_000, what: 'all of it is parked, all else arrives', do: (run) => isParked(run, lanes, badly) },
        { atMs: 7_000, what: 'good handlers again, and a redrive by hand', do: (run) => redriven(run, badly) },
        {
          atMs: 8_000,
          what: 'the rest is discarded',
          do: async (run) => run.violated(...(await lanes.discardAll())),
        },
      ],
    };
  },
};

/** One event on each topic; returns their lanes and what waits in them. */
async function handledBadly(storefront: Storefront, fault: string): Promise<[lane: string, id: string][]> {
  const mark = `handler-${fault}`;
  // his own text must not have the mark: everything of his would be handled badly
  const customer = `good-${fault}`;
  await registered(storefront, customer);
  await arrived(storefront, customer);
  const { guid: withNote } = await placed(storefront, customer);
  await succeed(storefront, 'POST', `/orders/orders/${withNote}/approve`, { note: mark });
  await succeed(storefront, 'POST', `/orders/orders/${withNote}/fulfill`);
  const told = await requested(storefront, customer);
  await succeed(storefront, 'POST', `/fulfillment/fulfillments/${told}/process`, { note: mark });
  await succeed(storefront, 'POST', `/fulfillment/fulfillments/${told}/ship`, { shippingMethod: 'UPS' });
  await registered(storefront, `bad-${fault}`, mark);
  return [
    [`orders.order.fulfill|${withNote}`, withNote],
    [`fulfillment.order.change|${told}`, told],
    [`accounts.customer.change|bad-${fault}`, `bad-${fault}`],
  ];
}

async function placed(storefront: Storefront, customer: string): Promise<{ guid: string }> {
  const { json } = await succeed(storefront, 'POST', `/orders/customers/${customer}/orders`, orderBody);
  return json as { guid: string };
}

async function isParked(run: FaultRun, lanes: ParkedLanes, badly: ReadonlyMap<string, string>): Promise<void> {
  const { storefront, load } = run;
  await eventually(
    async () => (await storefront.stores.allLanes()).filter(({ _id }) => badly.has(_id)).length,
    (count) => count === badly.size,
    PARKED_MS,
  );
  await load?.stop();
  await storefront.settled({
    lanes: [...lanes.ids, ...badly.keys()],
    foreign: new Set(badly.values()),
    withinMs: PARKED_MS,
  });
  for (const topic of topicNames) {
    for (const record of await storefront.topics.read(topic)) {
      const lane = `${topic}|${String(record.key)}`;
      if (badly.has(lane)) lanes.expect(topic, lane, again(record));
    }
  }
  run.violated(...(await lanes.differences()));
  load?.start();
}

/** By hand, while the services do the same in their own time. */
async function redriven(run: FaultRun, badly: ReadonlyMap<string, string>): Promise<void> {
  const { storefront } = run;
  await Promise.all(consumers.map((service) => storefront.restart(service)));
  for (const service of consumers) {
    const { code, stdout, stderr } = await parked(storefront, service, 'redrive');
    const left = code === 1 && / [1-9]\d* left/.test(stdout);
    run.violated(...unless(left, `redrive of ${service} ended with ${code}: ${stdout}${stderr}`));
  }
  await eventually(
    async () => (await storefront.stores.allLanes()).filter(({ _id }) => badly.has(_id)).map(({ _id }) => _id),
    (left) => left.length === 0,
  );
}
