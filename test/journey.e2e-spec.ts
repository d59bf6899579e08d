import type { OrderStatusEvent } from '@storefront/contracts';
import { eventually } from './eventually';
import type { Answer } from './http-client';
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
  _links: Record<string, { href: string } | undefined>;
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

describe('a customer and her order, through the gateway, along its links', () => {
  let order: Order;
  let customerUrl: string;

  it('is registered, and shown without her card number', async () => {
    const root = await send('GET', '/accounts/', undefined, { accept: 'application/hal+json' });
    const customers = linkOf(root, 'customers').replace(/\{.*\}$/, '');
    const answer = await follow('POST', customers, customerBody('Byron'));
    expect(answer.status).toBe(201);
    customerUrl = answer.headers.get('location') ?? '';
    expect(customerUrl).toMatch(new RegExp(`^${storefront.gatewayUrl}/accounts/customers/[0-9a-f]{24}$`));
    const { json, text } = await follow('GET', customerUrl);
    expect(json).toMatchObject({ name: { lastName: 'Byron' }, creditCards: [{ number: '****-****-****-0000' }] });
    expect(text).not.toContain('1234-6789');
  });

  it('may order as soon as Orders has heard of her', async () => {
    const id = customerUrl.split('/').at(-1);
    const items = [{ product: blueWidget, quantity: 2 }];
    const answer = await eventually(
      async () => {
        const tried = await send('POST', `/orders/customers/${id}/orders`, { items });
        if (tried.status === 404) expect(tried.headers.get('retry-after')).toMatch(/^\d+$/);
        return tried;
      },
      ({ status }) => status !== 404,
    );
    expect(answer.status).toBe(201);
    order = answer.json as Order;
    expect(answer.headers.get('location')).toBe(`${storefront.gatewayUrl}/orders/orders/${order.guid}`);
    expect(order).toMatchObject({ customerId: id, status: 'CREATED', fulfillmentRequested: false });
    expect(Object.keys(order)).toEqual([
      'guid',
      'customerId',
      'status',
      'orderStatusEvents',
      'orderItems',
      'fulfillmentRequested',
      '_links',
    ]);
  });

  it('is approved and sent for fulfillment by the links it shows', async () => {
    const approved = await follow('POST', order._links.approve?.href ?? '', { note: 'by hand' });
    expect([approved.status, (approved.json as Order).status]).toEqual([200, 'APPROVED']);
    const requested = await follow('POST', linkOf(approved, 'fulfill'));
    expect(requested.json).toMatchObject({ status: 'APPROVED', fulfillmentRequested: true });
    const twice = await follow('POST', linkOf(approved, 'fulfill'));
    expect([twice.status, twice.headers.get('content-type')]).toEqual([409, 'application/problem+json']);
  });

  it('is delivered step by step, and Orders hears of every step', async () => {
    const path = `/fulfillment/fulfillments/${order.guid}`;
    await eventually(
      () => send('GET', path),
      ({ status }) => status === 200,
    );
    const steps = [['process'], ['ship', { shippingMethod: 'UPS' }], ['in-transit'], ['receive']] as const;
    for (const [command, body] of steps) {
      const answer = await send('POST', `${path}/${command}`, body);
      expect([command, answer.status]).toEqual([command, 200]);
    }
    const wrong = await send('POST', `${path}/ship`, { shippingMethod: 'Drone' });
    expect([wrong.status, wrong.json]).toMatchObject([
      409,
      { status: 409, from: 'RECEIVED', to: 'SHIPPED', allowed: ['RETURNED'] },
    ]);
    const { json } = await eventually(
      () => follow('GET', order._links.self?.href ?? ''),
      (answer) => (answer.json as Order).status === 'RECEIVED',
    );
    expect(statusesOf(json as Order)).toBe('CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED');
    expect((json as Order).orderStatusEvents[1]?.note).toBe('by hand');
    expect((await send('GET', path)).json).toMatchObject({ shippingMethod: 'UPS' });
  });

  it('keeps her orders when she is amended, and is gone when deleted', async () => {
    const id = customerUrl.split('/').at(-1);
    expect((await follow('PATCH', customerUrl, { name: { lastName: 'King' } })).status).toBe(200);
    await storefront.settled();
    const own = await send('GET', `/orders/customers/${id}/orders`);
    expect(own.json).toMatchObject({ _embedded: { orders: [{ guid: order.guid }] }, page: { totalElements: 1 } });
    expect((await follow('DELETE', customerUrl)).status).toBe(204);
    expect((await follow('GET', customerUrl)).status).toBe(404);
    await storefront.settled();
    expect((await send('POST', `/orders/customers/${id}/orders`, { items: [] })).status).toBe(400);
    const refused = await send('POST', `/orders/customers/${id}/orders`, {
      items: [{ product: blueWidget, quantity: 1 }],
    });
    expect(refused.status).toBe(404);
  });
});

function statusesOf({ orderStatusEvents }: Order): string {
  return orderStatusEvents.map(({ orderStatusType }) => orderStatusType).join(' ');
}

/** An absolute URL, which must lead through the gateway. */
function follow(method: string, url: string, body?: object): Promise<Answer> {
  expect(url.startsWith(`${storefront.gatewayUrl}/`)).toBe(true);
  return send(method, url.slice(storefront.gatewayUrl.length), body);
}

function linkOf({ json }: Answer, rel: string): string {
  const { _links } = json as { _links: Record<string, { href: string } | undefined> };
  return _links[rel]?.href ?? '';
}
