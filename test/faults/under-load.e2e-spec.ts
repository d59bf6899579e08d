import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually';
import type { Answer } from '../http-client';
import { customerBody } from '../system/bodies';
import { Storefront } from '../system/storefront';
import { Load } from './load';
import { report } from './report';
import { newSeed, Seeded } from './seeded';
import { VersionWatch } from './version-watch';

const services = ['accounts', 'orders', 'fulfillment'] as const;
const KILL_EVERY_MS = 1_500;
const KILLING_MS = 12_000;

let storefront: Storefront;
let load: Load;
const seed = newSeed();

beforeAll(async () => {
  storefront = await Storefront.start({ apart: true });
});
afterEach(() => load?.stop());
afterAll(() => storefront?.stop());

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
      const { status, json } = await eventually(() => healthOf(service), saysDown('kafka'));
      expect([status, json]).toMatchObject([503, { status: 'DOWN', components: { mongo: { status: 'UP' } } }]);
      expect((await healthOf(service, '/readiness')).status).toBe(200);
      expect((await healthOf(service, '/liveness')).status).toBe(200);
    }),
  );
  expect(load.ledger).toMatchObject({ unanswered: [], surprises: [] });
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
  expect(await load.broken(storefront)).toEqual([]);
  await allWell();
  report(
    `Kafka killed for ${downMs} ms under load, Accounts killed meanwhile (seed ${seed})`,
    `${without} commands acknowledged without it, ${load.seen}, equal after ${tookMs} ms`,
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
      const { status, json } = await eventually(() => healthOf(service), saysDown('mongo'));
      expect([status, json]).toMatchObject([503, { status: 'DOWN', components: { kafka: { status: 'UP' } } }]);
      const readiness = await healthOf(service, '/readiness');
      expect([readiness.status, readiness.json]).toMatchObject([503, { status: 'OUT_OF_SERVICE' }]);
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
  expect(await load.broken(storefront)).toEqual([]);
  expect((await storefront.request('GET', '/accounts/customers/refused')).status).toBe(404);
  await allWell();
  report(`the store killed for ${downMs} ms under load (seed ${seed + 1})`, `${load.seen}, equal after ${tookMs} ms`);
});

it('services killed at random under load keep every promise, and agree in the end', async () => {
  const chance = new Seeded(seed + 2);
  load = new Load(storefront.gatewayUrl, { seed: seed + 2, workers: 8, pauseMs: 10, prefix: 'killed' }).start();
  const watch = new VersionWatch(storefront.stores);
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
  expect(await load.broken(storefront)).toEqual([]);
  expect(await watch.stop()).toEqual([]);
  expect(load.ledger.acknowledged).toBeGreaterThan(100);
  expect(load.ledger.unanswered.length).toBeGreaterThan(10);
  const times = Object.entries(killed).map(([service, count]) => `${service} ${count} times`);
  report(`killed under load: ${times.join(', ')} (seed ${seed + 2})`, `${load.seen}; equal after ${tookMs} ms`);
});

it('services asked to stop under load end in order, with nothing lost', async () => {
  load = new Load(storefront.gatewayUrl, { seed: seed + 3, workers: 8, pauseMs: 10, prefix: 'stopped' }).start();
  await sleep(1_500);
  const ends = await Promise.all(services.map((service) => storefront.terminate(service)));
  expect(ends.map(({ how }) => how)).toEqual(['exit code 0', 'exit code 0', 'exit code 0']);
  for (const { tookMs } of ends) expect(tookMs).toBeLessThan(15_000);
  await Promise.all(services.map((service) => storefront.restart(service)));
  await sleep(1_000);
  await load.stop();
  const tookMs = await storefront.settled();
  expect(await load.broken(storefront)).toEqual([]);
  const stops = ends.map((end) => `${end.tookMs} ms`).join(', ');
  report(`stopped under load in ${stops} (seed ${seed + 3})`, `${load.seen}; equal after ${tookMs} ms`);
});

function healthOf(service: (typeof services)[number], group = ''): Promise<Answer> {
  return storefront.client(service)('GET', `/actuator/health${group}`);
}

function saysDown(component: 'kafka' | 'mongo'): (health: Answer) => boolean {
  return ({ json }) => {
    const { components } = json as { components: Record<string, { status: string } | undefined> };
    return components[component]?.status === 'DOWN';
  };
}

async function allWell(): Promise<void> {
  const well = ({ status }: Answer) => status === 200;
  await Promise.all(services.map((service) => eventually(() => healthOf(service), well)));
}
