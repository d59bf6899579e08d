import { setTimeout as sleep } from 'node:timers/promises';
import { Storefront } from '../system/storefront';
import { byId, idOf } from '../system/stores';
import { Load } from './load';
import { report } from './report';
import { newSeed, Seeded } from './seeded';

const services = ['accounts', 'orders', 'fulfillment'] as const;
const KILL_EVERY_MS = 1_500;
const KILLING_MS = 12_000;

let storefront: Storefront;
let load: Load;
const seed = newSeed();

beforeAll(async () => {
  storefront = await Storefront.start();
});
afterEach(() => load.stop());
afterAll(() => storefront.stop());

it('services killed at random under load keep every promise, and agree in the end', async () => {
  const chance = new Seeded(seed);
  load = new Load(storefront.gatewayUrl, { seed, workers: 8, pauseMs: 10 }).start();
  const watch = new VersionWatch();
  const killed = { accounts: 0, orders: 0, fulfillment: 0 };
  const restarts: Promise<void>[] = [];
  for (const end = performance.now() + KILLING_MS; performance.now() < end;) {
    await sleep(KILL_EVERY_MS * (0.5 + chance.next()));
    const service = chance.pick(services) ?? 'orders';
    await storefront.kill(service);
    killed[service]++;
    restarts.push(storefront.restart(service));
  }
  await Promise.all(restarts);
  await sleep(1_000);
  await load.stop();
  const tookMs = await storefront.settled();
  await promisesKept();
  expect(await watch.stop()).toEqual([]);
  expect(load.ledger.acknowledged).toBeGreaterThan(100);
  expect(load.ledger.unknown).toBeGreaterThan(10);
  const times = Object.entries(killed).map(([service, count]) => `${service} ${count} times`);
  report(`killed under load: ${times.join(', ')} (seed ${seed})`, `${seen(load)}; equal after ${tookMs} ms`);
});

it('services asked to stop under load end in order, with nothing lost', async () => {
  load = new Load(storefront.gatewayUrl, { seed: seed + 1, workers: 8, pauseMs: 10, prefix: 'stop' }).start();
  await sleep(1_500);
  const ends = await Promise.all(services.map((service) => storefront.terminate(service)));
  expect(ends.map(({ how }) => how)).toEqual(['exit code 0', 'exit code 0', 'exit code 0']);
  for (const { tookMs } of ends) expect(tookMs).toBeLessThan(15_000);
  await Promise.all(services.map((service) => storefront.restart(service)));
  await sleep(1_000);
  await load.stop();
  const tookMs = await storefront.settled();
  await promisesKept();
  const stops = ends.map((end) => `${end.tookMs} ms`).join(', ');
  report(`stopped under load in ${stops} (seed ${seed + 1})`, `${seen(load)}; equal after ${tookMs} ms`);
});

async function promisesKept(): Promise<void> {
  const { ledger } = load;
  expect(ledger.surprises).toEqual([]);
  expect(await ledger.broken(storefront.stores)).toEqual([]);
  const records = await storefront.topics.read('accounts.customer.change');
  expect(ledger.missingFrom(records, await byId(storefront.stores.customers))).toEqual([]);
}

function seen({ ledger }: Load): string {
  const { acknowledged, unknown, refused, customers, orders } = ledger;
  const requests = `${acknowledged} acknowledged, ${unknown} unanswered, ${refused} refused`;
  return `${requests}; ${customers.size} customers, ${orders.size} orders`;
}

/** Looks at the copies again and again: their versions must never go down. */
class VersionWatch {
  private readonly highest = new Map<string, number>();
  private readonly faults: string[] = [];
  private stopped = false;
  private readonly looking = this.look();

  async stop(): Promise<string[]> {
    this.stopped = true;
    await this.looking;
    return this.faults;
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      const { replicas, orders, fulfillments } = storefront.stores;
      for (const copies of [replicas, orders, fulfillments]) {
        const documents = await copies.find({}, { projection: { version: 1 } }).toArray();
        for (const document of documents) {
          this.note(`${copies.collectionName} ${idOf(document)}`, document.version ?? 0);
        }
      }
      await sleep(250);
    }
  }

  private note(id: string, version: number): void {
    const before = this.highest.get(id) ?? 0;
    if (version < before) this.faults.push(`${id} went from version ${before} to ${version}`);
    this.highest.set(id, Math.max(version, before));
  }
}
