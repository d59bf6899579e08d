import { registerLarge } from '../../attacks/large-customers';
import { attack } from '../../attacks/attacker';
import { HONEST_MS, whileHonestRead } from '../../attacks/honest';
import { StalledReaders } from '../../attacks/stalled';
import { eventually } from '../../eventually';
import { underAttack } from '../attacked';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const CUSTOMERS = 200;
const READERS = 24;
const TIMEOUT_MS = 5_000;
/** Instead of 30 s each, so that readers are seen to be dropped within a minute. */
const impatient = { env: { HTTP_REQUEST_TIMEOUT_MS: String(TIMEOUT_MS), GATEWAY_TIMEOUT_MS: '10000' } };
/** A reader that takes nothing is dropped after the time-out and two looks of a second; the rest is for a busy machine. */
const DROPPED_MS = TIMEOUT_MS + 15_000;
/** Pages may be refused while others hold all the bytes that pages may have; single resources may not. */
const single = ['/accounts/customers/large-0', '/orders/customerOrderses/large-0'];

const paths = {
  gateway: ['/accounts/customers/summary', '/orders/customers/summary', '/orders/customerOrderses?size=400'],
  accounts: ['/customers/summary', '/customers?size=400'],
  orders: ['/customers/summary', '/customerOrderses?size=400'],
  fulfillment: ['/fulfillments/summary', '/fulfillments?size=400'],
} as const;
const servers = ['gateway', 'accounts', 'orders', 'fulfillment'] as const;

/** An answer costs what is being sent of it, not what it is of, and nobody is waited for who does not read. */
export const stalledReaders: Scenario = {
  name: 'stalled-readers',
  family: 'attacks',
  about: `${CUSTOMERS} customers as large as may be; ${READERS} readers of each summary and large page that take nothing; whole pages`,
  needs: { services: { accounts: impatient, orders: impatient, fulfillment: impatient, gateway: impatient } },
  plan() {
    const ids = Array.from({ length: CUSTOMERS }, (_, index) => `large-${index}`);
    const readers = new StalledReaders();
    const plan = underAttack('stalled-readers', () => [
      {
        atMs: 500,
        what: `${CUSTOMERS} customers as large as the API allows`,
        do: async ({ storefront }) => {
          await registerLarge(storefront, ids);
          await eventually(
            () => storefront.stores.replicas.countDocuments({ _id: { $in: ids } }),
            (count) => count === CUSTOMERS,
          );
        },
      },
      {
        atMs: 1_000,
        what: 'large pages, read to their end',
        do: async (run) => run.violated(...(await whileHonestRead(run.storefront, () => readLarge(run), single))),
      },
      {
        atMs: 2_000,
        what: 'readers that take nothing, and honest ones',
        do: async (run) => {
          const { storefront } = run;
          for (const name of servers) {
            for (const path of paths[name]) readers.begin(storefront.url(name), READERS, path);
          }
          run.violated(...(await whileHonestRead(storefront, () => readSummaries(run), single)));
        },
      },
      {
        atMs: 3_000,
        what: 'the large customers are deleted',
        do: async ({ storefront }) => {
          for (const id of ids) await storefront.request('DELETE', `/accounts/customers/${id}`);
        },
      },
    ]);
    // open until all was looked at: it is not they who give the memory back
    return { ...plan, check: async () => (readers.end(), []) };
  },
};

/** Several at once, through the gateway and past it. */
async function readLarge(run: FaultRun): Promise<void> {
  const { storefront } = run;
  const asked = servers.flatMap((name) => paths[name].map((path) => [name, path] as const));
  const statuses = await Promise.all(
    asked.map(async ([name, path]) => ({ path, status: (await storefront.client(name)('GET', path)).status })),
  );
  for (const { path, status } of statuses) {
    run.violated(...unless([200, 503].includes(status), `GET ${path}: ${status}`, 'dishonest'));
  }
}

/**
 * Those who stalled leave a place to others as long as they have theirs, and are dropped in time: then even somebody at their
 * address gets a summary whole.
 */
async function readSummaries(run: FaultRun): Promise<void> {
  for (const path of ['/accounts/customers/summary', '/orders/customers/summary'] as const) {
    const honest = await lastStatus(async () => (await run.storefront.request('GET', path)).status, HONEST_MS);
    run.violated(...unless(honest === 200, `${path} for an honest reader, while others stall: ${honest}`));
  }
  const since = performance.now();
  for (const name of ['accounts', 'orders', 'fulfillment'] as const) {
    const path = paths[name][0];
    const ask = async () => (await attack(run.storefront.url(name), [{ method: 'GET', path }]))[0]?.status;
    const status = await lastStatus(ask, DROPPED_MS - (performance.now() - since));
    const what = `${path} of ${name} for the address of those who stalled, ${DROPPED_MS} ms after they began`;
    run.violated(...unless(status === 200, `${what}: ${status}`));
  }
}

async function lastStatus(ask: () => Promise<number | undefined>, withinMs: number): Promise<number | undefined> {
  let last: number | undefined;
  await eventually(
    async () => (last = await ask()),
    (status) => status === 200,
    Math.max(1, withinMs),
  ).catch(() => undefined);
  return last;
}
