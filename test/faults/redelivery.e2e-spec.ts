import { eventually } from '../eventually';
import type { Answer } from '../http-client';
import { customerBody, orderBody } from '../system/bodies';
import { counted } from '../system/metrics';
import { Storefront } from '../system/storefront';
import { again, type Position, type TopicRecord } from '../system/topics';
import { report } from './report';

const topicNames = ['accounts.customer.change', 'orders.order.fulfill', 'fulfillment.order.change'] as const;
const consumers = [
  ['orders', ['accounts.customer.change', 'fulfillment.order.change']],
  ['fulfillment', ['orders.order.fulfill']],
] as const;
const customerIds = ['ada', 'bob', 'eve', 'dan'];

let storefront: Storefront;
let guids: string[];

beforeAll(async () => {
  storefront = await Storefront.start();
  for (const id of customerIds) await succeed('PUT', `/accounts/customers/${id}`, customerBody(id));
  await storefront.settled();
  guids = await Promise.all([...customerIds, ...customerIds].map(orderFor));
  await storefront.settled();
  await Promise.all(guids.map((guid) => move(guid, 'process', 'hold', 'process')));
  await succeed('DELETE', '/accounts/customers/eve');
  await succeed('DELETE', '/accounts/customers/dan');
  await succeed('PUT', '/accounts/customers/dan', customerBody('dan-again'));
  await storefront.settled();
});
afterAll(() => storefront?.stop());

it('records delivered twice are counted as duplicates and change nothing', async () => {
  const before = await everything();
  const [ofOrders, ofFulfillment] = [await duplicates('orders'), await duplicates('fulfillment')];
  const records = await allRecords();
  for (const topic of topicNames) await deliver(topic, recordsOf(records, topic));
  await storefront.settled();
  expect(await everything()).toEqual(before);
  const toFulfillment = recordsOf(records, 'orders.order.fulfill').length;
  const seen = [(await duplicates('orders')) - ofOrders, (await duplicates('fulfillment')) - ofFulfillment];
  expect(seen).toEqual([records.length - toFulfillment, toFulfillment]);
  report(`${records.length} records delivered twice`, `${seen[0]} + ${seen[1]} duplicates, nothing changed`);
});

it('whole topics read twice from their beginning change nothing', async () => {
  const before = await everything();
  const records = await allRecords();
  const tookMs: number[] = [];
  for (let round = 0; round < 2; round++) {
    await Promise.all(consumers.map(([service]) => storefront.terminate(service)));
    await Promise.all(
      consumers.map(async ([group, topics]) => {
        const start = (await storefront.topics.ends(topics)).map((end) => ({ ...end, offset: '0' }));
        await storefront.topics.moveGroup(group, start);
      }),
    );
    await Promise.all(consumers.map(([service]) => storefront.restart(service)));
    tookMs.push(await storefront.settled());
    expect(await everything()).toEqual(before);
  }
  report(`${records.length} records read again, twice`, `nothing changed; settled after ${tookMs.join(' and ')} ms`);
});

/** What really happened while Orders was away reaches it newest first. */
it('versions that arrive in the wrong order end in the right state', async () => {
  const [, topics] = consumers[0];
  const ends = await storefront.topics.ends(topics);
  await storefront.terminate('orders');
  for (const mark of ['second', 'third', 'fourth']) {
    const changed = ['ada', 'bob'].map((id) =>
      succeed('PATCH', `/accounts/customers/${id}`, { contact: { email: `${id}-${mark}@example.org` } }),
    );
    await Promise.all(changed);
  }
  await succeed('DELETE', '/accounts/customers/dan');
  await Promise.all(guids.map((guid) => move(guid, 'hold', 'process', 'ship', 'in-transit', 'receive')));
  await published();
  const late = (await Promise.all(topics.map((topic) => newSince(topic, ends)))).flat();
  const reversed = await storefront.topics.ends(topics);
  for (const topic of topics) await deliver(topic, recordsOf(late, topic).toReversed());
  await storefront.topics.moveGroup('orders', reversed);
  await storefront.restart('orders');
  const tookMs = await storefront.settled();
  expect(await counted(storefront, 'orders', 'consumer_events_total', { outcome: 'parked' })).toBeGreaterThan(0);
  const { json } = await storefront.request('GET', `/orders/orders/${guids[0]}`);
  expect(json).toMatchObject({ status: 'RECEIVED' });
  const ada = await storefront.stores.replicas.findOne({ _id: 'ada' });
  expect(ada).toMatchObject({ version: 4, contact: { email: 'ada-fourth@example.org' } });
  report(`${late.length} records delivered newest first`, `all applied once, lanes empty after ${tookMs} ms`);
});

async function succeed(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await storefront.request(method, path, body);
  expect([method, path, answer.status < 300 ? 'done' : answer.text]).toEqual([method, path, 'done']);
  return answer;
}

async function orderFor(customerId: string): Promise<string> {
  const { json } = await succeed('POST', `/orders/customers/${customerId}/orders`, orderBody);
  const { guid } = json as { guid: string };
  await succeed('POST', `/orders/orders/${guid}/approve`);
  await succeed('POST', `/orders/orders/${guid}/fulfill`);
  return guid;
}

async function move(guid: string, ...commands: string[]): Promise<void> {
  for (const command of commands) {
    const body = command === 'ship' ? { shippingMethod: 'USPS' } : undefined;
    await succeed('POST', `/fulfillment/fulfillments/${guid}/${command}`, body);
  }
}

async function deliver(topic: string, records: readonly TopicRecord[]): Promise<void> {
  if (records.length > 0) await storefront.topics.send(topic, records.map(again));
}

async function allRecords(): Promise<TopicRecord[]> {
  return (await Promise.all(topicNames.map((topic) => storefront.topics.read(topic)))).flat();
}

function recordsOf(records: readonly TopicRecord[], topic: string): TopicRecord[] {
  return records.filter((record) => record.topic === topic);
}

async function newSince(topic: string, ends: readonly Position[]): Promise<TopicRecord[]> {
  const start = new Map(ends.filter((end) => end.topic === topic).map((end) => [end.partition, Number(end.offset)]));
  return (await storefront.topics.read(topic)).filter(({ partition, offset }) => offset >= (start.get(partition) ?? 0));
}

async function published(): Promise<void> {
  const pending = async () =>
    (await counted(storefront, 'accounts', 'outbox_pending_events')) +
    (await counted(storefront, 'fulfillment', 'outbox_pending_events'));
  await eventually(pending, (count) => count === 0);
}

function duplicates(service: 'orders' | 'fulfillment'): Promise<number> {
  return counted(storefront, service, 'consumer_events_total', { outcome: 'duplicate' });
}

/** Every document of the consuming services, with its version. */
async function everything(): Promise<unknown[]> {
  const { replicas, orders, fulfillments } = storefront.stores;
  const sorted = { sort: { _id: 1 } } as const;
  return Promise.all([
    replicas.find({}, sorted).toArray(),
    orders.find({}, sorted).toArray(),
    fulfillments.find({}, sorted).toArray(),
  ]);
}
