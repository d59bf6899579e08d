import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { blue, type OrderBody, orderOf, Shop, white } from '../../test/shop';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('orders over HTTP', () => {
  let orders: RunningOrders;
  let shop: Shop;

  beforeAll(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
  });

  afterAll(() => orders.stop());

  it('are found by their GUIDs in either case, which is answered in lower case', async () => {
    const id = '6b00fd16738d8201e1471e45';
    await shop.customer({ id });
    const key = { 'idempotency-key': randomUUID() };
    const place = (customer: string, product: string) =>
      orders.request('POST', `/customers/${customer}/orders`, { items: [{ product, quantity: 2 }] }, key);
    const answer = await place(id.toUpperCase(), blue.toUpperCase());
    const { guid } = orderOf(answer);
    expect([answer.status, orderOf(answer)]).toMatchObject([
      201,
      { customerId: id, orderItems: [{ product: { guid: blue } }] },
    ]);
    expect(answer.headers.get('location')).toBe(`${orders.url}/orders/${guid}`);
    expect(await place(id.toUpperCase(), blue.toUpperCase())).toMatchObject({ status: 201, text: answer.text });
    const { status, text } = await orders.request('GET', `/orders/${guid}`);
    expect(await orders.request('GET', `/orders/${guid.toUpperCase()}`)).toMatchObject({ status, text });
    const page = await orders.request('GET', `/customers/${id.toUpperCase()}/orders`);
    expect(page.json).toMatchObject({
      _embedded: { orders: [{ guid }] },
      _links: { self: { href: `${orders.url}/customers/${id}/orders` } },
    });
    const approve = { 'idempotency-key': randomUUID() };
    const first = await orders.request('POST', `/orders/${guid.toUpperCase()}/approve`, undefined, approve);
    const again = await orders.request('POST', `/orders/${guid}/approve`, undefined, approve);
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expect((await orders.request('GET', `/products/${blue.toUpperCase()}`)).json).toMatchObject({ guid: blue });
    expect((await orders.request('GET', `/customerOrderses/${id.toUpperCase()}`)).status).toBe(200);
  });

  it('stay when their customer is deleted, without the link to him, until he is restored', async () => {
    const id = await shop.customer();
    const guid = await shop.placed([], id);
    const links = async () => Object.keys(orderOf(await shop.order(guid))._links);
    expect(await links()).toContain('customer');
    await shop.deleteCustomer(id);
    expect(await links()).toEqual(['self', 'order', 'approve', 'reject', 'hold', 'cancel']);
    expect(orderOf(await shop.order(guid))).toMatchObject({ guid, customerId: id });
    await shop.restoreCustomer(id);
    expect(await links()).toContain('customer');
    const { json } = await orders.request('GET', `/customers/${id}/orders`);
    expect(json).toMatchObject({ _embedded: { orders: [{ guid }] } });
  });

  it("are placed at today's prices", async () => {
    const id = await shop.customer();
    const before = Date.now();
    const answer = await shop.place(id, [
      { product: blue, quantity: 2 },
      { product: white, quantity: 1 },
    ]);
    const { guid, orderStatusEvents } = orderOf(answer);
    const timestamp = orderStatusEvents[0]?.timestamp ?? 0;
    expect(answer.status).toBe(201);
    expect(guid).toMatch(uuid);
    expect(answer.headers.get('location')).toBe(`${orders.url}/orders/${guid}`);
    expect(answer.headers.get('content-type')).toBe('application/hal+json');
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now());
    const self = { href: `${orders.url}/orders/${guid}` };
    const command = (name: string) => ({ href: `${self.href}/${name}` });
    const expected = {
      guid,
      customerId: id,
      status: 'CREATED',
      orderStatusEvents: [{ timestamp, orderStatusType: 'CREATED', note: null }],
      orderItems: [
        {
          product: { guid: blue, title: 'Blue Widget', description: 'Brilliant Blue Widget', price: 1.99 },
          quantity: 2,
        },
        {
          product: { guid: white, title: 'White Widget', description: 'Wonderful White Widget', price: 15.99 },
          quantity: 1,
        },
      ],
      fulfillmentRequested: false,
      _links: {
        self,
        order: self,
        customer: { href: `${orders.url}/customerOrderses/${id}` },
        approve: command('approve'),
        reject: command('reject'),
        hold: command('hold'),
        cancel: command('cancel'),
      },
    };
    expect(JSON.stringify(answer.json)).toBe(JSON.stringify(expected));

    const read = await shop.order(guid);
    expect(read.status).toBe(200);
    expect(read.text).toBe(answer.text);
    expect(read.headers.get('etag')).toBe('"1"');
  });

  it('are not sent again to a client that has the current version', async () => {
    const guid = await shop.placed();
    const tagged = { 'if-none-match': '"1"' };
    expect((await orders.request('GET', `/orders/${guid}`, undefined, tagged)).status).toBe(304);
    await shop.command(guid, 'approve');
    expect((await orders.request('GET', `/orders/${guid}`, undefined, tagged)).status).toBe(200);
  });

  it('come in pages, the first one placed first', async () => {
    const id = await shop.customer();
    const guids = [await shop.placed([], id), await shop.placed([], id), await shop.placed([], id)];
    await shop.placed();

    const first = await orders.request('GET', `/customers/${id}/orders?size=2`);
    expect(first.json).toMatchObject({
      _embedded: { orders: [{ guid: guids[0] }, { guid: guids[1] }] },
      _links: {
        self: { href: `${orders.url}/customers/${id}/orders?size=2` },
        next: { href: `${orders.url}/customers/${id}/orders?page=1&size=2` },
      },
      page: { size: 2, totalElements: 3, totalPages: 2, number: 0 },
    });
    const second = await orders.request('GET', `/customers/${id}/orders?page=1&size=2`);
    expect(second.json).toMatchObject({ _embedded: { orders: [{ guid: guids[2] }] }, page: { number: 1 } });
  });

  it('are sorted where asked to', async () => {
    const id = await shop.customer();
    for (let count = 0; count < 3; count++) {
      await shop.placed([], id);
      // so that no two are of one millisecond
      await sleep(3);
    }
    const guidsOf = async (query: string): Promise<string[]> => {
      const { json } = await orders.request('GET', `/customers/${id}/orders?${query}`);
      return (json as { _embedded: { orders: OrderBody[] } })._embedded.orders.map(({ guid }) => guid);
    };
    const sorted = await guidsOf('sort=guid,desc');
    expect(sorted).toHaveLength(3);
    expect(sorted).toEqual(sorted.toSorted().toReversed());
    const placed = await guidsOf('sort=placedAt');
    expect(await guidsOf('sort=placedAt,desc')).toEqual(placed.toReversed());
    expect(await guidsOf('sort=bogus')).toEqual(await guidsOf(''));
  });

  it('need a customer who may be on his way: 404 with Retry-After', async () => {
    for (const answer of [await shop.place('nobody'), await orders.request('GET', '/customers/nobody/orders')]) {
      expect(answer.status).toBe(404);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('need a customer who was not deleted: 404 for good', async () => {
    const id = await shop.customer();
    await shop.deleteCustomer(id);
    const answer = await shop.place(id);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('that were never placed are 404', async () => {
    const answer = await shop.order(randomUUID());
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    { body: {}, field: 'items' },
    { body: { items: [] }, field: 'items' },
    { body: { items: [{ product: blue, quantity: 0 }] }, field: 'items[0].quantity' },
    { body: { items: [{ product: blue, quantity: 1.5 }] }, field: 'items[0].quantity' },
    { body: { items: [{ product: blue, quantity: '1' }] }, field: 'items[0].quantity' },
    { body: { items: [{ quantity: 1 }] }, field: 'items[0].product' },
    { body: { items: [{ product: randomUUID(), quantity: 1 }] }, field: 'items[0].product' },
    { body: '{', field: '' },
  ])('need a proper $field: $body', async ({ body, field }) => {
    const id = await shop.customer();
    const answer = await orders.request('POST', `/customers/${id}/orders`, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect((answer.json as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
    expect((await orders.request('GET', `/customers/${id}/orders`)).json).toMatchObject({ page: { totalElements: 0 } });
  });
});
