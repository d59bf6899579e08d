import { randomUUID } from 'node:crypto';
import { aCustomer } from '../../test/an-order';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { blue, orderOf, Shop } from '../../test/shop';
import { ApplyStatusChanges } from '../application/apply-status-changes';
import { Customers } from '../domain/customers';

const items = [{ product: blue, quantity: 1 }];
const problem = 'application/problem+json';

describe('a request about what was written at another service', () => {
  let orders: RunningOrders;
  let shop: Shop;

  beforeAll(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
  });

  afterAll(() => orders?.stop());

  function ask(method: string, path: string, { token, wait, body }: { token: string; wait?: number; body?: object }) {
    const prefer = wait === undefined ? undefined : { prefer: `wait=${wait}` };
    return orders.request(method, path, body, { 'consistency-token': token, ...prefer });
  }

  async function hear(id: string, version: number, at = orders): Promise<void> {
    const origin = { topic: 'accounts.customer.change', partition: 0, offset: '0', timestamp: 0 };
    await at.app.get(Customers).replicate([{ id, version, customer: aCustomer({ id }), origin }]);
  }

  it('waits for the customer, and is carried out when he arrives', async () => {
    const id = `c-${randomUUID()}`;
    const placing = ask('POST', `/customers/${id}/orders`, { token: `customer:${id}:2`, wait: 20, body: { items } });
    const paging = ask('GET', `/customers/${id}/orders`, { token: `customer:${id}:2`, wait: 20 });
    await hear(id, 1);
    await hear(id, 2);
    const placed = await placing;
    expect([placed.status, placed.headers.get('preference-applied')]).toEqual([201, 'wait=20']);
    expect((await paging).status).toBe(200);
  });

  it.each<[string, string, object | undefined]>([
    ['GET', '/customers/ID/orders', undefined],
    ['POST', '/customers/ID/orders', { items }],
    ['GET', '/customers/summary?page=0&size=1', undefined],
  ])('is answered 503 with Retry-After instead of from an older state: %s %s', async (method, path, body) => {
    const id = await shop.customer();
    const refused = await ask(method, path.replace('ID', id), {
      token: `customer:${id}:2`,
      wait: 0,
      ...(body && { body }),
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.headers.get('content-type')).toBe(problem);
    expect(refused.json).toMatchObject({ status: 503, awaited: `customer:${id}:2` });
    const { json } = await orders.request('GET', `/customers/${id}/orders`);
    expect(json).toMatchObject({ page: { totalElements: 0 } });
    await hear(id, 2);
    const answer = await ask(method, path.replace('ID', id), {
      token: `customer:${id}:2`,
      wait: 0,
      ...(body && { body }),
    });
    expect(answer.status).toBeLessThan(300);
  });

  it('finds room behind 110 requests for what was made up, from one address or from many', async () => {
    const hostile = (address: (index: number) => string) =>
      Array.from({ length: 110 }, (_, index) =>
        orders.request('GET', '/customers/summary?page=0&size=1', undefined, {
          'consistency-token': `customer:made-up-${index}:1`,
          prefer: 'wait=999999',
          'x-forwarded-for': address(index),
        }),
      );
    const [begin, id] = [performance.now(), `c-${randomUUID()}`];
    const refused = [...hostile(() => '198.51.100.1'), ...hostile((index) => `198.51.100.${index}`)];
    const honest = ask('GET', `/customers/${id}/orders`, { token: `customer:${id}:1`, wait: 20 });
    await hear(id, 1);
    expect((await honest).status).toBe(200);
    expect(new Set((await Promise.all(refused)).map(({ status }) => status))).toEqual(new Set([503]));
    // they asked for eleven days
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('hears of a deletion too', async () => {
    const id = await shop.customer();
    await shop.deleteCustomer(id);
    expect((await ask('GET', `/customers/${id}/orders`, { token: `customer:${id}:2` })).status).toBe(404);
  });

  it('waits for what Fulfillment did with an order', async () => {
    const guid = await shop.placed(['approve', 'fulfill']);
    const token = `fulfillment:${guid}:2`;
    expect((await ask('GET', `/orders/${guid}`, { token, wait: 0 })).status).toBe(503);
    const reading = ask('GET', `/orders/${guid}`, { token, wait: 20 });
    const event = { timestamp: Date.now(), orderStatusType: 'PROCESSING', note: null } as const;
    await orders.app.get(ApplyStatusChanges).execute([{ guid, event, version: 2, previousVersion: 0 }]);
    expect(orderOf(await reading).status).toBe('PROCESSING');
  });

  it('does not wait for what is not copied here', async () => {
    const guid = await shop.placed();
    const token = `order:${guid}:1, product:1:9, constructor:1:1`;
    expect((await ask('GET', `/orders/${guid}`, { token, wait: 0 })).status).toBe(200);
  });

  it('is refused when the token is none', async () => {
    const refused = await ask('GET', `/orders/${await shop.placed()}`, { token: 'customer' });
    expect([refused.status, refused.json]).toMatchObject([400, { errors: [{ field: 'Consistency-Token' }] }]);
  });

  it('waits no longer when the service stops', async () => {
    const stopping = await startOrders();
    const [id, begin] = [randomUUID(), performance.now()];
    const headers = { 'consistency-token': `customer:${id}:1`, prefer: 'wait=25' };
    const waiting = stopping.request('GET', `/customers/${id}/orders`, undefined, headers);
    await orders.request('GET', '/products');
    await stopping.stop();
    expect((await waiting).status).toBe(503);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  it('tells the version of what it wrote itself, for reads elsewhere', async () => {
    const placed = await shop.place(await shop.customer());
    const { guid } = orderOf(placed);
    expect(placed.headers.get('consistency-token')).toBe(`order:${guid}:1`);
    expect((await shop.command(guid, 'approve')).headers.get('consistency-token')).toBe(`order:${guid}:2`);
    expect((await shop.order(guid)).headers.has('consistency-token')).toBe(false);
  });

  it('can be found in the OpenAPI document', async () => {
    const { paths } = (await orders.request('GET', '/v3/api-docs')).json as {
      paths: Record<string, Record<string, { parameters: { name: string }[] }>>;
    };
    for (const path of ['/orders/{guid}', '/customers/{customerId}/orders', '/customers/summary']) {
      const names = paths[path]?.get?.parameters.map(({ name }) => name);
      expect([path, names]).toEqual([path, expect.arrayContaining(['Consistency-Token', 'Prefer'])]);
    }
  });
});
