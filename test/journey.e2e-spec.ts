import type { OrderStatusEvent } from '@storefront/contracts';
import { readFileSync } from 'node:fs';
import { SERVICES } from '../scripts/system-settings';
import { crawl } from './crawl';
import { eventually } from './eventually';
import { LinkClient } from './link-client';
import type { Resource } from 'ketting';
import { blueWidget, customerBody } from './system/bodies';
import { Storefront } from './system/storefront';

/** The original's script: what it calls, and what it is answered. */
const script = [
  ['/accounts/customers/sample', 201, 'Sample customer accounts created'],
  ['/orders/customers/sample/orders', 200, 'Sample orders added to customer orders'],
  ['/orders/customers/sample/fulfill', 200, "All 'Approved' orders sent for fulfillment"],
  ['/fulfillment/fulfillments/sample/process', 200, "Order status changed to 'Processing'"],
  ['/fulfillment/fulfillments/sample/ship', 200, "Order status changed to 'Shipped'"],
  ['/fulfillment/fulfillments/sample/in-transit', 200, "Order status changed to 'In Transit'"],
  ['/fulfillment/fulfillments/sample/receive', 200, "Order status changed to 'Received'"],
] as const;

const sampleHistories = [
  'CREATED REJECTED',
  'CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED',
  'CREATED APPROVED PROCESSING ON_HOLD CANCELLED',
  'CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED RETURNED',
  'CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED',
];

interface Order {
  guid: string;
  status: string;
  orderStatusEvents: OrderStatusEvent[];
}

interface Fulfillment {
  shippingMethod: string | null;
}

interface Summary {
  customers: { id: string; name: { firstName: string }; orders: Order[] }[];
}

let storefront: Storefront;

beforeAll(async () => {
  storefront = await Storefront.start();
});
afterAll(() => storefront?.stop());

const send: Storefront['request'] = (...call) => storefront.request(...call);

test('every service tells of the build it is', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  for (const name of SERVICES) {
    const { json } = await storefront.client(name)('GET', '/actuator/info');
    expect(json).toMatchObject({ build: { name, version, time: expect.stringMatching(/Z$/) } });
  }
});

describe("the original's script, through the gateway", () => {
  it.each(['the first time', 'a second time'])('leaves 3 customers and 15 orders, %s', async () => {
    for (const [path, status, text] of script) {
      const answer = await send('GET', path);
      expect([path, answer.status, answer.text]).toEqual([path, status, text]);
      expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
      await storefront.settled();
    }
    const { customers } = (await send('GET', '/orders/customers/summary')).json as Summary;
    expect(customers.map(({ name }) => name.firstName)).toEqual(['John', 'Mary', 'Susan']);
    const histories = customers.map(({ orders }) => orders.map(statusesOf));
    expect(histories).toEqual(customers.map(() => sampleHistories));
    expect(await storefront.stores.customers.countDocuments({ deleted: { $ne: true } })).toBe(3);
    expect(await storefront.stores.orders.countDocuments({ deleted: { $ne: true } })).toBe(15);
    expect(await storefront.stores.allLanes()).toEqual([]);
  });

  it('answers the same when nothing is left to move, and changes nothing', async () => {
    const before = await storefront.stores.fulfillments.find().toArray();
    for (const [path, status, text] of script.slice(3)) {
      const answer = await send('GET', path);
      expect([answer.status, answer.text]).toEqual([status, text]);
    }
    expect(await storefront.stores.fulfillments.find().toArray()).toEqual(before);
  });
});

describe.each(SERVICES)('every link from the root of %s', (name) => {
  it.each(['application/hal+json', 'application/json', '*/*'])('answers %s', async (accept) => {
    const followed = await crawl(`${storefront.url(name)}/`, accept);
    expect(followed.size).toBeGreaterThan(name === 'gateway' ? 40 : 5);
    // links of commands are for POST
    const wrong = [...followed].filter(([, status]) => ![200, 201, 204, 405].includes(status));
    expect(wrong).toEqual([]);
  });
});

describe('a customer and her order, through the gateway, along links only', () => {
  let client: LinkClient;
  let customer: Resource;
  let order: Resource<Order>;
  let fulfillment: Resource<Fulfillment>;

  beforeAll(() => {
    client = new LinkClient(storefront.gatewayUrl);
  });

  it('is registered, and shown without her card number', async () => {
    const customers = await client.root.follow('customers', {});
    customer = await customers.postFollow({ data: customerBody('Byron') });
    const { data } = await customer.get();
    expect(data).toMatchObject({ name: { lastName: 'Byron' }, creditCards: [{ number: '****-****-****-0000' }] });
  });

  it('may order as soon as Orders has heard of her', async () => {
    const replica = await client.found('customerOrderses', ({ contact }) => contact.email === 'Byron@example.org');
    const products = await client.root.follow('products', { size: 1 });
    const [product] = (await products.get()).getEmbedded();
    const items = [{ product: (product?.data as { guid: string } | undefined)?.guid, quantity: 2 }];
    const orders = await replica.follow<Order>('orders', {});
    order = await orders.postFollow({ data: { items } });
    expect(await client.offers(order)).toEqual(['customer', 'approve', 'reject', 'hold', 'cancel']);
    expect((await order.get()).data).toMatchObject({ status: 'CREATED', fulfillmentRequested: false });
  });

  it('is approved and sent for fulfillment', async () => {
    await client.command(order, 'approve', { note: 'by hand' });
    expect(await client.offers(order)).toEqual(['customer', 'cancel', 'fulfill']);
    const fulfill = await order.follow('fulfill');
    await fulfill.post({ data: {} });
    expect(await client.offers(order)).toEqual(['customer']);
    await expect(fulfill.post({ data: {} })).rejects.toMatchObject({ status: 409, body: { status: 409 } });
  });

  it('is delivered step by step, and offers at each step what may come next', async () => {
    const { guid } = (await order.get()).data;
    fulfillment = await client.root.follow('fulfillment').follow<Fulfillment>('fulfillment', { guid });
    await eventually(
      () => client.offers(fulfillment),
      (offered) => offered.length > 0,
    );
    const steps = [
      ['process', ['process', 'cancel']],
      ['ship', ['ship', 'hold', 'cancel']],
      ['in-transit', ['in-transit']],
      ['receive', ['receive']],
    ] as const;
    for (const [command, offered] of steps) {
      expect(await client.offers(fulfillment)).toEqual(offered);
      await client.command(fulfillment, command, command === 'ship' ? { shippingMethod: 'UPS' } : {});
    }
    expect(await client.offers(fulfillment)).toEqual(['return']);
    expect((await fulfillment.get()).data).toMatchObject({ shippingMethod: 'UPS' });
  });

  it('is heard of in Orders, step by step', async () => {
    const { data } = await eventually(
      () => order.refresh(),
      (state) => state.data.status === 'RECEIVED',
    );
    expect(statusesOf(data)).toBe('CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED');
    expect(data.orderStatusEvents[1]?.note).toBe('by hand');
  });

  it('keeps her orders when she is amended, and is gone when deleted', async () => {
    await customer.patch({ data: { name: { lastName: 'King' } } });
    await storefront.settled();
    const replica = await client.found('customerOrderses', ({ name }) => name.lastName === 'King');
    const orders = await replica.follow('orders', {});
    const { guid } = (await order.get()).data;
    expect((await replica.refresh()).data).toMatchObject({ orders: [{ guid }] });
    await customer.delete();
    await expect(customer.refresh()).rejects.toMatchObject({ status: 404 });
    await storefront.settled();
    await expect(replica.refresh()).rejects.toMatchObject({ status: 404 });
    const items = [{ product: blueWidget, quantity: 1 }];
    await expect(orders.post({ data: { items } })).rejects.toMatchObject({ status: 404 });
  });
});

function statusesOf({ orderStatusEvents }: Order): string {
  return orderStatusEvents.map(({ orderStatusType }) => orderStatusType).join(' ');
}
