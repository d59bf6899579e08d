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
afterAll(() => storefront?.stop());

it('killed between write and publish, then between acknowledgement and clear, every event is applied once', async () => {
  const [told, approved] = await Promise.all([orderFor('ada', 'approve', 'fulfill'), orderFor('ada', 'approve')]);
  await storefront.settled();
  await dieAt('document-written', async () => {
    const answers = await Promise.all([
      storefront.request('PUT', '/accounts/customers/bob', customerBody('bob')),
      storefront.request('POST', `/orders/orders/${approved}/fulfill`),
      storefront.request('POST', `/fulfillment/fulfillments/${told}/process`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  });
  const written = {
    accounts: { key: 'bob', version: 1 },
    orders: { key: approved, version: 3 },
    fulfillment: { key: told, version: 2 },
  };
  for (const service of services) {
    expect([service, await outboxOf(service, written[service].key)]).toEqual([service, [written[service].version]]);
    expect([service, await timesTold(service, written[service])]).toEqual([service, 0]);
  }

  // the next lives publish what was left, without being asked, and die over it
  await dieAt('batch-acknowledged');
  for (const service of services) {
    expect([service, await outboxOf(service, written[service].key)]).toEqual([service, [written[service].version]]);
    expect([service, await timesTold(service, written[service])]).toEqual([service, 1]);
  }
  await Promise.all(services.map((service) => storefront.restart(service)));
  const tookMs = await storefront.settled();
  for (const service of services) expect([service, await timesTold(service, written[service])]).toEqual([service, 2]);
  expect(await storefront.stores.replicas.findOne({ _id: 'bob' })).toMatchObject({ version: 1 });
  expect(await storefront.stores.fulfillments.findOne({ _id: approved })).toMatchObject({ version: 1 });
  expect(await storefront.stores.orders.findOne({ _id: told })).toMatchObject({
    status: 'PROCESSING',
    fulfillmentVersion: 2,
  });
  report(
    '3 services killed before publishing and again before clearing',
    `told twice, applied once, equal after ${tookMs} ms`,
  );
});

it('killed between effect and offset, consumers get the events again and apply or park them once', async () => {
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

  const { dead } = await storefront.restartToDieAt('orders', 'events-parked');
  const [broken, incomplete] = poisonsFor('accounts.customer.change', 'parked');
  await storefront.topics.send(
    'accounts.customer.change',
    [broken, incomplete].flatMap((poison) => (poison ? [{ ...poison.message, partition: 0 }] : [])),
  );
  expect(await dead).toBe('SIGKILL');
  await storefront.restart('orders');
  const lanes = [broken, incomplete].map((poison) => `accounts.customer.change|${poison?.aggregate}`);
  const tookMs = await storefront.settled({ lanes });
  const parked = await storefront.stores.lanes('orders').find().toArray();
  expect(parked.map(({ _id, events }) => [_id, events.length]).toSorted()).toEqual(
    lanes.map((lane) => [lane, 1]).toSorted(),
  );
  expect(await storefront.stores.orders.findOne({ _id: order })).toMatchObject({ fulfillmentVersion: 2 });
  report(
    'Orders killed twice, Fulfillment once between bulk write and offset, Orders between parking and offset',
    `applied once, parked once, equal after ${tookMs} ms`,
  );
});

/** All three run until they reach the step, and die there. */
async function dieAt(step: string, occasion?: () => Promise<void>): Promise<void> {
  const dying = await Promise.all(services.map((service) => storefront.restartToDieAt(service, step)));
  await occasion?.();
  expect(await Promise.all(dying.map(({ dead }) => dead))).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
}

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
async function timesTold(service: Service, { key, version }: { key: string; version: number }): Promise<number> {
  const records = await storefront.topics.read(topicOf[service]);
  return records.filter((record) => String(record.key) === key && versionOf(record) === version).length;
}
