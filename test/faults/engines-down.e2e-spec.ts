import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually';
import type { Answer } from '../http-client';
import { customerBody } from '../system/bodies';
import { Storefront } from '../system/storefront';
import { byId } from '../system/stores';
import { Load } from './load';
import { report } from './report';
import { newSeed } from './seeded';

const services = ['accounts', 'orders', 'fulfillment'] as const;
const customers = 'accounts.customer.change';

let storefront: Storefront;
let load: Load;
const seed = newSeed();

beforeAll(async () => {
  storefront = await Storefront.start({ apart: true });
});
afterEach(() => load.stop());
afterAll(() => storefront.stop());

it('without Kafka, commands are answered as ever, and everything arrives when it is back', async () => {
  load = new Load(storefront.gatewayUrl, { seed, workers: 6, pauseMs: 10 }).start();
  await eventually(
    () => load.ledger.orders.size,
    (orders) => orders > 20,
  );
  const before = load.ledger.acknowledged;
  await storefront.killEngines();
  const down = performance.now();
  await Promise.all(
    services.map(async (service) => {
      const { json } = await eventually(() => healthOf(service), isUnwell);
      expect(json).toMatchObject({
        status: 'DOWN',
        components: { kafka: { status: 'DOWN' }, mongo: { status: 'UP' } },
      });
      expect((await healthOf(service, '/readiness')).status).toBe(200);
      expect((await healthOf(service, '/liveness')).status).toBe(200);
    }),
  );
  expect(load.ledger).toMatchObject({ unknown: 0, surprises: [] });
  const without = load.ledger.acknowledged - before;
  expect(without).toBeGreaterThan(50);

  await storefront.kill('accounts');
  await storefront.restart('accounts');
  const path = '/accounts/customers/meanwhile';
  expect((await storefront.request('PUT', path, customerBody('meanwhile'))).status).toBe(201);
  expect((await storefront.request('GET', path)).status).toBe(200);
  await sleep(500);
  const downMs = Math.round(performance.now() - down);
  await storefront.restartEngines();
  await sleep(1_000);
  await load.stop();
  const tookMs = await storefront.settled();
  await promisesKept(load);
  await allWell();
  report(
    `Kafka killed for ${downMs} ms under load, Accounts killed meanwhile (seed ${seed})`,
    `${without} commands acknowledged without it, ${seen(load)}, equal after ${tookMs} ms`,
  );
});

it('without the store, commands are refused as a whole, and what was acknowledged is there when it is back', async () => {
  load = new Load(storefront.gatewayUrl, { seed: seed + 1, workers: 6, pauseMs: 10, prefix: 'store' }).start();
  await eventually(
    () => load.ledger.orders.size,
    (orders) => orders > 20,
  );
  await storefront.killStore();
  const down = performance.now();
  await Promise.all(
    services.map(async (service) => {
      const { json } = await eventually(() => healthOf(service, '/readiness'), isUnwell);
      expect(json).toMatchObject({ status: 'OUT_OF_SERVICE' });
      expect((await healthOf(service)).json).toMatchObject({
        status: 'DOWN',
        components: { mongo: { status: 'DOWN' } },
      });
      expect((await healthOf(service, '/liveness')).status).toBe(200);
    }),
  );
  const before = load.ledger.acknowledged;
  const refused = await storefront.request('PUT', '/accounts/customers/refused', customerBody('refused'));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(load.ledger.acknowledged).toBe(before);
  const downMs = Math.round(performance.now() - down);
  await storefront.restartStore();
  const restarted = load.ledger.acknowledged;
  await eventually(
    () => load.ledger.acknowledged,
    (acknowledged) => acknowledged > restarted + 30,
  );
  await load.stop();
  const tookMs = await storefront.settled();
  await promisesKept(load);
  expect((await storefront.request('GET', '/accounts/customers/refused')).status).toBe(404);
  await allWell();
  report(
    `the store killed for ${downMs} ms under load (seed ${seed + 1})`,
    `${load.ledger.unknown} requests not answered, ${seen(load)}, equal after ${tookMs} ms`,
  );
});

function healthOf(service: (typeof services)[number], group = ''): Promise<Answer> {
  return storefront.client(service)('GET', `/actuator/health${group}`);
}

function isUnwell({ status }: Answer): boolean {
  return status === 503;
}

async function allWell(): Promise<void> {
  const well = ({ status }: Answer) => status === 200;
  await Promise.all(services.map((service) => eventually(() => healthOf(service), well)));
}

async function promisesKept({ ledger }: Load): Promise<void> {
  expect(ledger.surprises).toEqual([]);
  expect(await ledger.broken(storefront.stores)).toEqual([]);
  const [records, now] = [await storefront.topics.read(customers), await byId(storefront.stores.customers)];
  expect(ledger.missingFrom(records, now)).toEqual([]);
}

function seen({ ledger }: Load): string {
  return `${ledger.acknowledged} acknowledged in all, ${ledger.customers.size} customers, ${ledger.orders.size} orders`;
}
