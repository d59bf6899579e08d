import { aftermath } from './attacks/aftermath';
import { attack } from './attacks/attacker';
import { crowdedBatches, inflatingBatches, oddBatches } from './attacks/hostile-batches';
import { hostileAccepts, hostileHeaders, waiters, wrongPasswords } from './attacks/hostile-headers';
import { headerFlood, lanesFlooded, laneFlooded } from './attacks/hostile-records';
import { refusedBy } from './attacks/refusals';
import { SetAside } from './attacks/set-aside';
import { StalledReaders } from './attacks/stalled';
import { Trickling } from './attacks/trickling';
import { type Vitals, vitalsOf } from './attacks/vitals';
import { eventually } from './eventually';
import { arrived, registered } from './faults/requests';
import { topicNames } from './faults/told-on-topics';
import { SERVICES } from '../scripts/system-settings';
import { encodedRecords, recordBatch } from './system/record-batch';
import { Storefront } from './system/storefront';

const REQUEST_TIMEOUT_MS = 2_000;
const MAX_LANES = 50;
const victim = 'attacked';
const env = { HTTP_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS), PARKED_MAX_LANES: String(MAX_LANES) };
const summaries = {
  accounts: '/customers/summary',
  orders: '/customers/summary',
  fulfillment: '/fulfillments/summary',
  gateway: '/orders/customers/summary',
};

let storefront: Storefront;
let before: Vitals;
const aside = new SetAside();

/** A short form of what the fault suite plays under load (test/faults/scenarios/attacks.ts): on one system, one after another. */
beforeAll(async () => {
  const services = Object.fromEntries(SERVICES.map((name) => [name, { env }]));
  storefront = await Storefront.start({ services });
  await registered(storefront, victim);
  await arrived(storefront, victim);
  // so that what a process takes once for all is not the attack's
  await aftermath(storefront, vitalsOf(storefront), 'before');
  before = vitalsOf(storefront);
});

afterAll(() => storefront?.stop());

async function send(topic: (typeof topicNames)[number], partition: number, batch: { bytes: Buffer; count: number }) {
  const offset = await storefront.topics.sendBatch(topic, partition, batch.bytes);
  aside.sent({ topic, partition, offset, count: batch.count });
}

async function setAside(): Promise<void> {
  await eventually(
    () => storefront.lag(),
    (lines) => lines.length === 0,
  );
  expect((await aside.look(storefront)).wrong).toEqual([]);
}

test('headers without measure are set aside', async () => {
  for (const topic of topicNames) {
    for (const [index, { record }] of headerFlood(topic, 'e2e').entries()) {
      await send(topic, index % 3, { bytes: recordBatch(encodedRecords([record]), { count: 1 }), count: 1 });
    }
  }
  expect(await aftermath(storefront, before, 'headers')).toEqual([]);
  await setAside();
});

test('batches that inflate, that are crowded or odd, are set aside', async () => {
  const batches = [
    ...(await inflatingBatches('e2e', 'small')),
    ...(await oddBatches('e2e')),
    ...crowdedBatches('e2e').filter(({ count }) => count > 100_000),
  ];
  for (const topic of topicNames) {
    for (const [index, batch] of batches.entries()) await send(topic, index % 3, batch);
  }
  expect(await aftermath(storefront, before, 'batches')).toEqual([]);
  await setAside();
});

test('full lanes, and too many, hold nobody up', async () => {
  for (const topic of topicNames) {
    for (const { records, perBatch } of [...laneFlooded('e2e'), ...lanesFlooded('e2e', MAX_LANES * 2)]) {
      for (let first = 0; first < records.length; first += perBatch) {
        const some = records.slice(first, first + perBatch);
        await send(topic, 1, { bytes: recordBatch(encodedRecords(some), { count: some.length }), count: some.length });
      }
    }
  }
  expect(await aftermath(storefront, before, 'poison')).toEqual([]);
  await setAside();
});

test('slow senders are ended, and readers that take nothing hold nobody up', async () => {
  const [trickling, readers] = [new Trickling(), new StalledReaders()];
  try {
    for (const name of SERVICES) {
      const path = name === 'fulfillment' ? '/fulfillments/nobody/ship' : '/customers';
      for (const part of ['body', 'headers'] as const) {
        trickling.begin(storefront.url(name), 70, { of: part, path: name === 'gateway' ? `/accounts${path}` : path });
      }
      readers.begin(storefront.url(name), 20, summaries[name]);
    }
    await eventually(
      () => trickling.left,
      (count) => count === 0,
      REQUEST_TIMEOUT_MS + 10_000,
    );
    expect(await aftermath(storefront, before, 'slow')).toEqual([]);
  } finally {
    trickling.end();
    readers.end();
  }
});

test.each(SERVICES)('hostile headers and guesses are refused by %s', async (name) => {
  const all = [...hostileAccepts(name, 60), ...hostileHeaders(name, 5)];
  expect(await refusedBy(storefront, name, all)).toEqual([]);
  const guesses = await attack(storefront.url(name), wrongPasswords(name, 60), 8);
  expect(guesses.map(({ status }) => status).filter((status) => status === 401).length).toBeLessThanOrEqual(20);
  expect(await aftermath(storefront, before, name)).toEqual([]);
});

test('who waits for what nobody has written keeps nobody else waiting', async () => {
  for (const name of ['orders', 'gateway'] as const) {
    const waiting = attack(storefront.url(name), waiters(name, 110), 110);
    const { headers } = await registered(storefront, victim, `${victim}-${name}`);
    const token = { 'consistency-token': headers.get('consistency-token') ?? '', prefer: 'wait=20' };
    const { status } = await storefront.request('GET', `/orders/customerOrderses/${victim}`, undefined, token);
    expect(status).toBe(200);
    expect(new Set((await waiting).map((refusal) => refusal.status))).toEqual(new Set([503]));
  }
  expect(await aftermath(storefront, before, 'waiters')).toEqual([]);
});
