import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../../test/eventually';
import { followPages } from '../../../../test/followed-pages';
import { StalledReader } from '../../../../test/stalled-reader';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { customerModel } from './customer.schema';
import { orderModel } from './order.schema';

const MiB = 1024 * 1024;
const name = { title: null, firstName: 'A', middleName: null, lastName: 'Large', suffix: null };
const contact = { primaryPhone: '1', secondaryPhone: null, email: 'e' };

/** Headers of a trusted proxy that name another client: each client has its own share of what is sent. */
const otherClient = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'h' };

interface Summary {
  customers: { id: string; orders: { guid: string }[]; moreOrders?: string }[];
}

function customersIn({ text }: { text: string }): Summary['customers'] {
  return (JSON.parse(text) as Summary).customers;
}

/** Written past the service, which takes none so large. */
async function insertCustomer({ store }: RunningOrders, id: string, bytes = 0): Promise<void> {
  const addresses = [{ type: 'HOME', address1: 'x'.repeat(bytes) }];
  await store
    .collection(customerModel.collection)
    .insertOne({ _id: id as never, version: 1, name, contact, addresses });
}

async function insertOrders({ store }: RunningOrders, customerId: string, count: number, bytes = 0): Promise<string[]> {
  const guids = Array.from({ length: count }, (_, index) => `${customerId}-${String(index).padStart(4, '0')}`);
  for (const [index, guid] of guids.entries()) {
    await store.collection(orderModel.collection).insertOne({
      _id: guid as never,
      version: 1,
      customerId,
      placedAt: index,
      status: 'CREATED',
      orderStatusEvents: [{ timestamp: index, orderStatusType: 'CREATED', note: 'n'.repeat(bytes) }],
      orderItems: [],
      fulfillmentRequested: false,
      fulfillmentVersion: 0,
    });
  }
  return guids;
}

describe('customers of 250 KB with orders', () => {
  const ids = Array.from({ length: 100 }, (_, index) => `c-${String(index).padStart(4, '0')}`);
  let orders: RunningOrders;

  beforeAll(async () => {
    orders = await startOrders({ HTTP_REQUEST_TIMEOUT_MS: '4000' });
    for (const id of ids) await insertCustomer(orders, id, 250_000);
    await insertOrders(orders, 'c-0003', 3);
  }, 60_000);

  afterAll(() => orders?.stop());

  it('come in pages of 4 MiB, each once', async () => {
    const { elements, bytes, pages } = await followPages(orders, '/customerOrderses?size=400');
    expect(elements).toEqual(ids.map((id) => `/customerOrderses/${id}`));
    expect(Math.max(...bytes)).toBeLessThan(4 * MiB + 10_000);
    expect(pages[0]?.page).toEqual({ size: 400, totalElements: 100, totalPages: 1, number: 0, returned: 16 });
    const shown = pages[0]?._embedded['customerOrderses'] as unknown as { orders: unknown[] }[];
    expect(shown.map((customer) => customer.orders.length)).toEqual(shown.map((_, index) => (index === 3 ? 3 : 0)));
  });

  it('are streamed to four readers at a time, three of one client; readers that take nothing are cut off, and others served', async () => {
    const asked = Array.from({ length: 20 }, () => StalledReader.ask(orders.url, '/customers/summary'));
    const readers = await Promise.all(asked);
    const served = readers.filter(({ status }) => status === 200);
    const refused = readers.filter(({ status }) => status === 503);
    expect([served.length, refused.length]).toEqual([3, 17]);
    for (const { head } of refused) expect(head.toLowerCase()).toContain('retry-after: 5');
    const other = await orders.request('GET', '/customers/summary', undefined, otherClient);
    expect([other.status, customersIn(other).length]).toEqual([200, ids.length]);
    const again = await eventually(
      () => orders.request('GET', '/customers/summary'),
      (answer) => answer.status === 200,
    );
    expect(customersIn(again)).toHaveLength(ids.length);
    for (const reader of served) expect(await reader.rest()).toBeLessThan(20 * MiB);
    for (const reader of refused) reader.leave();
  });

  it('that nobody takes keep neither single customers nor pages of other clients waiting', async () => {
    const page = '/customerOrderses?size=400';
    const readers = await Promise.all(Array.from({ length: 7 }, () => StalledReader.ask(orders.url, page)));
    expect(readers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    const single = await orders.request('GET', `/customerOrderses/${ids[0]}`);
    const other = await orders.request('GET', page, undefined, otherClient);
    expect([single.status, other.status]).toEqual([200, 200]);
    for (const reader of readers) reader.leave();
  });

  it('are not cut off for a client that reads slowly', async () => {
    const response = await fetch(`${orders.url}/customers/summary`);
    let bytes = 0;
    const until = performance.now() + 5_000;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (performance.now() < until) await sleep(20);
    }
    expect(bytes).toBeGreaterThan(25_000_000);
  });
});

describe('a customer with many orders', () => {
  let orders: RunningOrders;

  beforeAll(async () => {
    orders = await startOrders();
  });

  afterAll(() => orders?.stop());

  async function summary(): Promise<Summary['customers']> {
    return ((await orders.request('GET', '/customers/summary')).json as Summary).customers;
  }

  it('has the first 100 of them in the summary, and a link to the others', async () => {
    await insertCustomer(orders, 'many');
    await insertCustomer(orders, 'none');
    const guids = await insertOrders(orders, 'many', 130);
    const [many, none] = await summary();
    expect(many?.orders.map(({ guid }) => guid)).toEqual(guids.slice(0, 100));
    expect(none).toEqual({ id: 'none', name, contact, addresses: [{ type: 'HOME', address1: '' }], orders: [] });
    const others = await followPages(orders, many?.moreOrders?.slice(orders.url.length) ?? '');
    expect(others.elements).toEqual(guids.slice(100).map((guid) => `/orders/${guid}`));
  });

  it('has fewer where they are large, in the summary and alone, and links to the others', async () => {
    const guids = await insertOrders(orders, 'none', 12, 300_000);
    const [many, none] = await summary();
    expect(many?.orders).toHaveLength(100);
    const shown = none?.orders.map(({ guid }) => guid) ?? [];
    expect(shown).toEqual(guids.slice(0, 6));
    const others = await followPages(orders, none?.moreOrders?.slice(orders.url.length) ?? '');
    expect([...shown, ...others.elements.map((path) => path.slice('/orders/'.length))]).toEqual(guids);
    const { json } = await orders.request('GET', '/customerOrderses/none');
    const alone = json as { orders: unknown[]; _links: { more: { href: string } } };
    expect(alone.orders).toHaveLength(6);
    expect(alone._links.more.href).toBe(`${orders.url}/customers/none/orders?page=1&size=6`);
    const page = await orders.request('GET', '/customerOrderses');
    const { customerOrderses } = (page.json as { _embedded: { customerOrderses: { orders: unknown[] }[] } })._embedded;
    expect(customerOrderses.map((customer) => customer.orders.length)).toEqual([20, 6]);
  });

  it('can have his orders read page by page, each of 4 MiB at most', async () => {
    const { elements, bytes } = await followPages(orders, '/customers/none/orders?size=1000&sort=guid,desc');
    expect(elements).toHaveLength(12);
    expect(new Set(elements).size).toBe(12);
    expect(Math.max(...bytes)).toBeLessThan(4 * MiB + 10_000);
  });
});
