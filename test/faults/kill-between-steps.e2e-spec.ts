import { eventually } from '../eventually';
import type { Answer } from '../http-client';
import { customerBody, orderBody } from '../system/bodies';
import { Storefront } from '../system/storefront';
import { versionOf } from '../system/topics';
import { poisonsFor } from './poison-records';
import { report } from './report';

const services = ['accounts', 'orders', 'fulfillment'] as const;
type Service = (typeof services)[number];

const topicOf = {
  accounts: 'accounts.customer.change',
  orders: 'orders.order.fulfill',
  fulfillment: 'fulfillment.order.change',
} as const;

let storefront: Storefront;

beforeAll(async () => {
  storefront = await Storefront.start();
  await succeed('PUT', '/accounts/customers/ada', customerBody('ada'));
  await storefront.settled();
});
afterAll(() => storefront.stop());

/** Every service does its write, and dies over it at the step. */
async function dieWriting(step: string, mark: string): Promise<Record<Service, { key: string; version: number }>> {
  const [inFulfillment, approved] = await Promise.all([
    orderFor('ada', 'approve', 'fulfill'),
    orderFor('ada', 'approve'),
  ]);
  await storefront.settled();
  const dead = await Promise.all(services.map((service) => storefront.restartToDieAt(service, step)));
  const answers = await Promise.all([
    storefront.request('PUT', `/accounts/customers/${mark}`, customerBody(mark)),
    storefront.request('POST', `/orders/orders/${approved}/fulfill`),
    storefront.request('POST', `/fulfillment/fulfillments/${inFulfillment}/process`),
  ]);
  const ends = await Promise.all(dead.map((one) => one.dead));
  expect(ends).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
  if (step === 'document-written') expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  return {
    accounts: { key: mark, version: 1 },
    orders: { key: approved, version: 3 },
    fulfillment: { key: inFulfillment, version: 2 },
  };
}

it('killed between the write and its publishing, every event is published by the next life', async () => {
  const written = await dieWriting('document-written', 'bob');
  for (const service of services) {
    expect(await outboxOf(service, written[service].key)).toEqual([written[service].version]);
    expect(await toldOf(service, written[service])).toBe(0);
  }
  await restartAll();
  const tookMs = await storefront.settled();
  for (const service of services) expect(await toldOf(service, written[service])).toBe(1);
  expect(await storefront.stores.replicas.findOne({ _id: 'bob' })).toMatchObject({ version: 1 });
  report('3 services killed between write and publish', `every event out, copies equal after ${tookMs} ms`);
});

it("killed between Kafka's acknowledgement and the clear, every event is published again and applied once", async () => {
  const written = await dieWriting('batch-acknowledged', 'eve');
  for (const service of services) {
    expect(await outboxOf(service, written[service].key)).toEqual([written[service].version]);
    expect(await toldOf(service, written[service])).toBe(1);
  }
  await restartAll();
  const tookMs = await storefront.settled();
  for (const service of services) expect(await toldOf(service, written[service])).toBe(2);
  report('3 services killed between acknowledgement and clear', `told twice, applied once, equal after ${tookMs} ms`);
});

it('killed between the bulk write and the offset, consumers get the events again and apply them once', async () => {
  const order = await orderFor('ada', 'approve');
  const [fulfillmentDead, ordersDead] = await Promise.all([
    storefront.restartToDieAt('fulfillment', 'events-applied'),
    storefront.restartToDieAt('orders', 'events-applied'),
  ]);
  await succeed('POST', `/orders/orders/${order}/fulfill`);
  expect(await fulfillmentDead.dead).toBe('SIGKILL');
  await succeed('PATCH', '/accounts/customers/ada', { contact: { email: 'after@example.org' } });
  expect(await ordersDead.dead).toBe('SIGKILL');
  expect(await storefront.stores.fulfillments.findOne({ _id: order })).toMatchObject({ version: 1 });
  expect(await storefront.stores.replicas.findOne({ _id: 'ada' })).toMatchObject({
    contact: { email: 'after@example.org' },
  });
  expect(await storefront.lag()).toEqual([
    expect.stringMatching(/^orders: accounts\.customer\.change\[\d\] is 1 behind$/),
    expect.stringMatching(/^fulfillment: orders\.order\.fulfill\[\d\] is 1 behind$/),
  ]);

  const [again] = await Promise.all([
    storefront.restartToDieAt('orders', 'events-applied', 2), // the first time it is the customer again
    storefront.restart('fulfillment'),
  ]);
  await eventually(lagOfOrders, (lines) => lines.length === 0);
  await succeed('POST', `/fulfillment/fulfillments/${order}/process`);
  expect(await again.dead).toBe('SIGKILL');
  expect(await storefront.stores.orders.findOne({ _id: order })).toMatchObject({ status: 'PROCESSING' });
  expect(await lagOfOrders()).toEqual([
    expect.stringMatching(/^orders: fulfillment\.order\.change\[\d\] is 1 behind$/),
  ]);
  await storefront.restart('orders');
  const tookMs = await storefront.settled();
  expect(await storefront.stores.orders.findOne({ _id: order })).toMatchObject({ fulfillmentVersion: 2 });
  report('Orders twice and Fulfillment killed between bulk write and offset', `applied once, equal after ${tookMs} ms`);
});

it('killed between parking and the offset, a record is parked once', async () => {
  const { dead } = await storefront.restartToDieAt('orders', 'events-parked');
  const [broken, incomplete] = poisonsFor('accounts.customer.change', 'parked');
  await storefront.topics.send(
    'accounts.customer.change',
    [broken, incomplete].flatMap((poison) => (poison ? [{ ...poison.message, partition: 0 }] : [])),
  );
  expect(await dead).toBe('SIGKILL');
  await storefront.restart('orders');
  const lanes = [broken, incomplete].map((poison) => `accounts.customer.change|${poison?.aggregate}`);
  await storefront.settled({ lanes });
  const parked = await storefront.stores.lanes('orders').find().toArray();
  expect(parked.map(({ _id, events }) => [_id, events.length]).toSorted()).toEqual(
    lanes.map((lane) => [lane, 1]).toSorted(),
  );
  report('Orders killed between parking and offset', `${parked.length} records parked once`);
});

async function succeed(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await storefront.request(method, path, body);
  expect([method, path, answer.status < 300 ? 'done' : answer.text]).toEqual([method, path, 'done']);
  return answer;
}

async function orderFor(customerId: string, ...commands: string[]): Promise<string> {
  const { json } = await succeed('POST', `/orders/customers/${customerId}/orders`, orderBody);
  const { guid } = json as { guid: string };
  for (const command of commands) await succeed('POST', `/orders/orders/${guid}/${command}`);
  return guid;
}

async function restartAll(): Promise<void> {
  await Promise.all(services.map((service) => storefront.restart(service)));
}

async function lagOfOrders(): Promise<string[]> {
  return (await storefront.lag()).filter((line) => line.startsWith('orders'));
}

/** Versions that wait in the document. */
async function outboxOf(service: Service, id: string): Promise<number[] | undefined> {
  const { customers, orders, fulfillments } = storefront.stores;
  const of = { accounts: customers, orders, fulfillment: fulfillments };
  const document = await of[service].findOne({ _id: id });
  return document?.outbox?.map(({ version }) => version);
}

/** How often this version is on its topic. */
async function toldOf(service: Service, { key, version }: { key: string; version: number }): Promise<number> {
  const records = await storefront.topics.read(topicOf[service]);
  return records.filter((record) => String(record.key) === key && versionOf(record) === version).length;
}
