import { mongo } from 'mongoose';
import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import { customerBody } from '../system/bodies';
import { command } from '../system/command';
import { Storefront } from '../system/storefront';
import { Operator, problems } from './operator';
import { Original } from './original';
import { Proxy } from './proxy';

const changes = 'accounts.customer.change';
const intervalMs = 2_000;

let storefront: Storefront;
let operator: Operator;

beforeAll(async () => {
  storefront = await Storefront.start({
    second: true,
    services: { gateway: { env: { RECONCILE_INTERVAL_MS: String(intervalMs) } } },
  });
  operator = new Operator(storefront);
  for (const id of ['ada', 'bob', 'eve']) await operator.succeed('PUT', `/accounts/customers/${id}`, customerBody(id));
  await storefront.settled();
});
afterAll(() => storefront.stop());

/** The sample with this name and these labels; undefined where there is none. */
async function sample(url: string, metric: string): Promise<number | undefined> {
  const { text } = await httpClient(url)('GET', '/actuator/prometheus');
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `) || each.startsWith(`${metric}{`));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const drift = () =>
  Promise.all(storefront.gatewayUrls.map((url) => sample(url, 'reconciliation_drift{link="customers"}')));

async function lease(): Promise<{ holder: string | null; beat: number; last?: { agoMs: number } }> {
  const { MANAGEMENT_USERNAME: name, MANAGEMENT_PASSWORD: password, ORDERS_URL: url = '' } = storefront.operations;
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return (await httpClient(url)('GET', '/actuator/reconciliation', undefined, { authorization })).json as never;
}

it('compares by itself, tells drift at every gateway, and repairs nothing unasked', async () => {
  const { replicas } = storefront.stores;
  expect(await eventually(drift, (all) => all.every((value) => value === 0))).toEqual([0, 0]);
  for (const url of storefront.gatewayUrls) {
    expect(await sample(url, 'reconciliation_interval_seconds')).toBe(intervalMs / 1_000);
    const last = (await sample(url, 'reconciliation_last_run_timestamp_seconds')) ?? 0;
    expect(Math.abs(Date.now() / 1_000 - last)).toBeLessThan(60);
  }
  await replicas.deleteOne({ _id: 'bob' });
  await replicas.updateOne({ _id: 'eve' }, { $set: { 'contact.email': 'wrong@example.org' } });
  expect(await eventually(drift, (all) => all.every((value) => value === 2))).toEqual([2, 2]);
  expect(await replicas.findOne({ _id: 'bob' })).toBeNull();
  expect((await operator.reconcile('--repair')).code).toBe(0);
  expect(await eventually(drift, (all) => all.every((value) => value === 0))).toEqual([0, 0]);
});

it('lets two operators and two gateways repair one after the other', async () => {
  const { replicas } = storefront.stores;
  await replicas.deleteOne({ _id: 'bob' });
  const both = await Promise.all([operator.reconcile('--repair'), operator.reconcile('--repair')]);
  expect(both.map(({ code, report }) => [code, problems(report)])).toEqual([
    [0, []],
    [0, []],
  ]);
  // the second one came when the first had healed it
  expect(both.map(({ report }) => problems({ comparisons: report.found ?? [] }).length).toSorted()).toEqual([0, 1]);
  expect(await replicas.findOne({ _id: 'bob' })).toMatchObject({ name: { lastName: 'bob' } });
});

it('leaves an order as it was when the second half of a repair never comes, and heals it at the next run', async () => {
  const { orders } = storefront.stores;
  const guid = await operator.orderFor('ada');
  await storefront.settled();
  await operator.move(guid, 'process', 'ship');
  await storefront.settled();
  const right = await orders.findOne({ _id: guid });
  const wrong = right?.orderStatusEvents?.with(2, { timestamp: 1, orderStatusType: 'PROCESSING', note: 'tampered' });
  await orders.updateOne({ _id: guid }, { $set: { orderStatusEvents: wrong } });
  const [atOrders, atFulfillment] = [
    await Proxy.before(storefront.operations['ORDERS_URL'] ?? ''),
    await Proxy.before(storefront.operations['FULFILLMENT_URL'] ?? ''),
  ];
  const through = { ...storefront.operations, ORDERS_URL: atOrders.url, FULFILLMENT_URL: atFulfillment.url };
  // every request of the repair that may be its last one, but those that only look
  const steps: [Proxy, RegExp, 'before' | 'after'][] = [
    [atFulfillment, /histories/, 'before'],
    [atFulfillment, /histories/, 'after'],
    [atFulfillment, /republish/, 'before'],
    [atOrders, /status-reports/, 'before'],
  ];
  for (const [proxy, path, when] of steps) {
    proxy.breaks = (method, url) => (method === 'POST' && path.test(url) ? when : undefined);
    await command('reconcile', ['--repair', '--pause', '0.2', '--json'], through);
    proxy.breaks = () => undefined;
    const { status } = (await orders.findOne({ _id: guid })) ?? {};
    expect([path, status]).toEqual([path, 'SHIPPED']);
  }
  expect((await operator.reconcile('--repair')).code).toBe(0);
  const { orderStatusEvents, status, fulfillmentVersion } = right ?? {};
  expect(await orders.findOne({ _id: guid })).toMatchObject({ orderStatusEvents, status, fulfillmentVersion });
  await Promise.all([atOrders.stop(), atFulfillment.stop()]);
});

it('does not take a repair for slow delivery', async () => {
  const applied = async () => {
    const urls = await Promise.all(
      [storefront.url('orders'), storefront.url('orders-2')].map((url) =>
        sample(url, `consumer_delay_seconds_count{topic="${changes}"}`),
      ),
    );
    return urls.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  };
  const before = await applied();
  await storefront.stores.replicas.deleteMany({});
  expect((await operator.reconcile('--repair')).code).toBe(0);
  await storefront.settled();
  expect(await storefront.stores.replicas.countDocuments()).toBe(3);
  expect(await applied()).toBe(before);
});

it('adopts what another program asked for, and only then has no drift', async () => {
  const { orders } = storefront.stores;
  const guid = await operator.orderFor('ada');
  await storefront.settled();
  await operator.move(guid, 'process');
  await storefront.settled();
  await orders.deleteOne({ _id: guid });
  const found = await operator.reconcile();
  expect(problems(found.report)).toEqual([`fulfillment requests ${guid}: extra`, `status reports ${guid}: missing`]);
  const adopted = await operator.reconcile('--adopt');
  expect([adopted.code, problems(adopted.report)]).toEqual([0, []]);
  expect((await operator.reconcile()).code).toBe(0);
  await operator.move(guid, 'ship');
});

describe('an original Orders', () => {
  let original: Original;
  beforeAll(async () => {
    original = await Original.start();
  });
  afterAll(() => original.stop());

  it.each([
    ['reconcile', ['--repair']],
    ['republish', ['--topic', changes, '--all']],
    ['rebuild', ['--apply']],
  ])('is recognised by %s, which changes nothing', async (script, args) => {
    const before = (await storefront.topics.read(changes)).length;
    const { code, stderr } = await command(script, args, { ...storefront.operations, ORDERS_URL: original.url });
    expect(stderr).toContain(`${original.url} is an original Spring Boot service`);
    expect(stderr).toContain('docs/operations/moving-from-the-originals.md');
    expect(code).not.toBe(0);
    expect((await storefront.topics.read(changes)).length).toBe(before);
    expect(original.seen.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });
});

it('brings the orders of an original over once, and shows before what it would do', async () => {
  const guid = 'a04c7618-1868-4142-9516-78fb2cf83137';
  const product = {
    guid: '7f3c9c22-3c0a-47a5-9a92-2bd2e23f6e37',
    title: 'Green Widget',
    description: 'Gorgeous',
    price: '11.99',
  };
  const orderStatusEvents = ['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED'].map((orderStatusType) => ({
    timestamp: mongo.Long.fromNumber(1_795_226_905_904),
    orderStatusType,
  }));
  const order = { guid, orderStatusEvents, orderItems: [{ product, quantity: 4 }] };
  const client = await mongo.MongoClient.connect(storefront.ordersDatabase);
  const old = client.db().collection<{ _id: string; orders: object[] }>('customer.orders');
  await old.insertOne({ _id: 'ada', orders: [order, { guid: 'bad', orderStatusEvents: [], orderItems: [] }] });
  await client.close();
  const env = { ...storefront.operations, MONGODB_URI: storefront.ordersDatabase };
  const dry = await command('migrate-orders', [], env);
  expect([dry.code, dry.stdout]).toEqual([
    1,
    expect.stringContaining('1 orders of 1 customers, 0 of them are in orders already'),
  ]);
  expect(dry.stdout).toContain('customer ada, order bad: orders.1.orderStatusEvents');
  expect((await storefront.request('GET', `/orders/orders/${guid}`)).status).toBe(404);
  expect((await command('migrate-orders', ['--apply'], env)).stdout).toContain('1 added');
  expect((await command('migrate-orders', ['--apply'], env)).stdout).toContain('0 added');
  const { status, json } = await storefront.request('GET', `/orders/orders/${guid}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ orderItems: [{ product: { price: 11.99 }, quantity: 4 }] });
  expect((await storefront.request('GET', '/orders/customers/ada/orders')).text).toContain(guid);
  expect((await operator.reconcile()).code).toBe(0);
});

it('keeps the lease free when all have ended', async () => {
  const { holder } = await eventually(lease, (state) => state.holder === null);
  expect(holder).toBeNull();
});
