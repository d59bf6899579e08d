import { randomUUID } from 'node:crypto';
import { Customers } from '../domain/customers';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { blue, orderOf, Shop, white } from '../../test/shop';
import type { Answer } from '../../../../test/http-client';

describe('a POST with an Idempotency-Key', () => {
  const MONGODB_URI = `${process.env.MONGODB_URI}/orders_${randomUUID().replaceAll('-', '')}`;
  let orders: RunningOrders;
  let other: RunningOrders;
  let shop: Shop;

  beforeAll(async () => {
    orders = await startOrders({ MONGODB_URI });
    other = await startOrders({ MONGODB_URI });
    shop = new Shop(orders);
  });

  afterAll(async () => {
    await other?.stop();
    await orders?.stop();
  });

  async function post(path: string, key: string, body?: object, at = orders) {
    const headers = { 'idempotency-key': key, 'x-forwarded-host': new URL(orders.url).host };
    return essentials(await at.request('POST', path, body, headers));
  }

  function essentials({ status, text, headers }: Answer) {
    return { status, text, location: headers.get('location'), etag: headers.get('etag') };
  }

  const twenty = (path: string, key: string, body?: object) =>
    Promise.all(Array.from({ length: 20 }, (_, index) => post(path, key, body, index % 2 ? orders : other)));
  const different = (answers: object[]) => new Set(answers.map((answer) => JSON.stringify(answer))).size;
  const items = [{ product: blue, quantity: 2 }];

  it('places one order, of twenty at once at two instances, and all get the same answer', async () => {
    const customer = await shop.customer();
    const answers = await twenty(`/customers/${customer}/orders`, randomUUID(), { items });
    expect(different(answers)).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201, etag: '"1"' });
    const { json } = await orders.request('GET', `/customers/${customer}/orders`);
    expect(json).toMatchObject({ page: { totalElements: 1 } });
  });

  it('is the same however the ids in its body are spelled', async () => {
    const [customer, key] = [await shop.customer(), randomUUID()];
    const placed = await post(`/customers/${customer}/orders`, key, { items });
    const shouted = [{ product: blue.toUpperCase(), quantity: 2 }];
    expect(await post(`/customers/${customer}/orders`, key, { items: shouted })).toEqual(placed);
    expect(
      (await post(`/customers/${customer}/orders`, key, { items: [{ product: white, quantity: 2 }] })).status,
    ).toBe(422);
  });

  it('approves once, of twenty at once, and all get the same answer', async () => {
    const guid = await shop.placed();
    const answers = await twenty(`/orders/${guid}/approve`, randomUUID(), { note: 'yes' });
    expect(different(answers)).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, etag: '"2"' });
    expect(orderOf(await shop.order(guid)).orderStatusEvents).toHaveLength(2);
  });

  it('is answered as the first time when the order has moved on, the customer is gone, and after a restart', async () => {
    const customer = await shop.customer();
    const [place, approve, fulfill] = [randomUUID(), randomUUID(), randomUUID()];
    const placed = await post(`/customers/${customer}/orders`, place, { items });
    const { guid } = JSON.parse(placed.text) as { guid: string };
    const approved = await post(`/orders/${guid}/approve`, approve, { note: 'yes' });
    const fulfilled = await post(`/orders/${guid}/fulfill`, fulfill);
    expect([placed.status, approved.status, fulfilled.status]).toEqual([201, 200, 200]);
    await orders.app
      .get(Customers)
      .replicate([
        { id: customer, version: 9, customer: null, origin: { topic: 't', partition: 0, offset: '1', timestamp: 0 } },
      ]);
    await other.stop();
    other = await startOrders({ MONGODB_URI });
    for (const at of [orders, other]) {
      expect(await post(`/customers/${customer}/orders`, place, { items }, at)).toEqual(placed);
      expect(await post(`/orders/${guid}/approve`, approve, { note: 'yes' }, at)).toEqual(approved);
      expect(await post(`/orders/${guid}/fulfill`, fulfill, undefined, at)).toEqual(fulfilled);
    }
    expect(orderOf(await shop.order(guid))).toMatchObject({ status: 'APPROVED', fulfillmentRequested: true });
  });

  it('requests a fulfillment once, of twenty at once', async () => {
    const guid = await shop.placed(['approve']);
    const answers = await twenty(`/orders/${guid}/fulfill`, randomUUID());
    expect([different(answers), answers[0]?.status, answers[0]?.etag]).toEqual([1, 200, '"3"']);
  });

  it('is refused when the key was used for another body', async () => {
    const customer = await shop.customer();
    const [place, hold] = [randomUUID(), randomUUID()];
    const { text } = await post(`/customers/${customer}/orders`, place, { items });
    const { guid } = JSON.parse(text) as { guid: string };
    await post(`/orders/${guid}/hold`, hold, { note: 'wait' });
    const otherItems = { items: [{ product: white, quantity: 2 }] };
    expect((await post(`/customers/${customer}/orders`, place, otherItems, other)).status).toBe(422);
    const refused = await post(`/orders/${guid}/hold`, hold, { note: 'wait!' }, other);
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text)).toMatchObject({ status: 422, instance: `/orders/${guid}/hold` });
    expect((await shop.order(guid)).headers.get('etag')).toBe('"2"');
  });

  it('belongs to one URL: the same key elsewhere is another one', async () => {
    const [customers, key] = [[await shop.customer(), await shop.customer()], randomUUID()];
    const guids = await Promise.all(customers.map((id) => post(`/customers/${id}/orders`, key, { items })));
    expect(different(guids.map(({ location }) => ({ location })))).toBe(2);
    const guid = await shop.placed();
    expect((await post(`/orders/${guid}/hold`, key)).status).toBe(200);
    expect((await post(`/orders/${guid}/approve`, key)).status).toBe(200);
  });

  it('that was refused is decided again when it comes again', async () => {
    const [guid, key] = [await shop.placed(), randomUUID()];
    expect((await post(`/orders/${guid}/fulfill`, key)).status).toBe(409);
    await shop.command(guid, 'approve');
    expect((await post(`/orders/${guid}/fulfill`, key)).status).toBe(200);
  });

  it('asks for its first answer whatever version it expected', async () => {
    const [guid, key] = [await shop.placed(), randomUUID()];
    const headers = { 'idempotency-key': key, 'if-match': '"1"' };
    const first = essentials(await shop.command(guid, 'approve', undefined, headers));
    expect(essentials(await shop.command(guid, 'approve', undefined, headers))).toEqual(first);
    expect(first.status).toBe(200);
  });

  it.each(['place', 'approve'])('with a key that is none is refused: %s', async (command) => {
    const customer = await shop.customer();
    const guid = await shop.placed([], customer);
    const path = command === 'place' ? `/customers/${customer}/orders` : `/orders/${guid}/approve`;
    const refused = await post(path, '""', command === 'place' ? { items } : undefined);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
  });

  it('can be found in the OpenAPI document, for every command', async () => {
    const { paths } = (await orders.request('GET', '/v3/api-docs')).json as {
      paths: Record<string, { post?: { parameters: { name: string }[] } }>;
    };
    const taking = Object.entries(paths)
      .filter(([, { post: operation }]) => operation?.parameters.some(({ name }) => name === 'Idempotency-Key'))
      .map(([path]) => path);
    const commands = ['approve', 'reject', 'hold', 'cancel', 'fulfill'].map((name) => `/orders/{guid}/${name}`);
    expect(taking.toSorted()).toEqual(['/customers/{customerId}/orders', ...commands].toSorted());
  });
});
