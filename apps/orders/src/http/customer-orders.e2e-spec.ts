import type { RunningOrders } from '../../test/running-orders';
import { startOrders } from '../../test/running-orders';
import { Shop } from '../../test/shop';

interface CustomerOrders {
  orders: { guid: string; orderStatusEvents: unknown[] }[];
  _links: Record<string, { href: string; templated?: boolean }>;
}

describe('a customer with orders', () => {
  let orders: RunningOrders;
  let shop: Shop;

  beforeAll(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
  });

  afterAll(() => orders?.stop());

  async function shown(id: string, headers?: Record<string, string>) {
    const answer = await orders.request('GET', `/customerOrderses/${id}`, undefined, headers);
    return { ...answer, tag: answer.headers.get('etag') ?? '', body: answer.json as CustomerOrders };
  }

  it('is as the original service showed him, with a link to where his orders are', async () => {
    const id = await shop.customer();
    const guid = await shop.placed([], id);
    const { body, headers } = await shown(id);
    expect(headers.get('content-type')).toBe('application/hal+json');
    expect(Object.keys(body)).toEqual(['name', 'contact', 'addresses', 'orders', '_links']);
    expect(body.orders.map((order) => [Object.keys(order), order.guid])).toEqual([
      [['guid', 'orderStatusEvents', 'orderItems'], guid],
    ]);
    const self = { href: `${orders.url}/customerOrderses/${id}` };
    expect(body._links).toEqual({
      self,
      customerOrders: self,
      orders: { href: `${orders.url}/customers/${id}/orders{?page,size,sort}`, templated: true },
    });
  });

  it('is shown with the first 20 orders, and a link to the next ones', async () => {
    const id = await shop.customer();
    const guids: string[] = [];
    for (let placed = 0; placed < 22; placed++) guids.push(await shop.placed([], id));
    const { body } = await shown(id);
    expect(body.orders.map(({ guid }) => guid)).toEqual(guids.slice(0, 20));
    const more = await orders.request('GET', (body._links['more']?.href ?? '').slice(orders.url.length));
    const { _embedded } = more.json as { _embedded: { orders: { guid: string }[] } };
    expect(_embedded.orders.map(({ guid }) => guid)).toEqual(guids.slice(20));
    const page = await orders.request('GET', '/customerOrderses?size=1000');
    const { customerOrderses } = (page.json as { _embedded: { customerOrderses: CustomerOrders[] } })._embedded;
    const item = customerOrderses.find(({ _links }) => _links['self']?.href.endsWith(id));
    expect(item).toEqual(body);
  });

  it('has another tag when he, or one of his orders, is another one', async () => {
    const id = await shop.customer();
    const guid = await shop.placed([], id);
    const first = await shown(id);
    expect(first.tag).toMatch(/^"[\w-]{22}"$/);
    expect((await shown(id, { 'if-none-match': first.tag })).status).toBe(304);
    await shop.command(guid, 'approve');
    const approved = await shown(id, { 'if-none-match': first.tag });
    expect(approved.status).toBe(200);
    await shop.placed([], id);
    expect(new Set([first.tag, approved.tag, (await shown(id)).tag]).size).toBe(3);
  });

  it('can only be read', async () => {
    const id = await shop.customer();
    for (const [method, path] of [
      ['POST', '/customerOrderses'],
      ['PUT', `/customerOrderses/${id}`],
      ['PATCH', `/customerOrderses/${id}`],
      ['DELETE', `/customerOrderses/${id}`],
    ] as const) {
      const { status, headers, text } = await orders.request(method, path, {});
      expect([method, status, headers.get('allow'), text]).toEqual([method, 405, 'GET,HEAD,OPTIONS', '']);
    }
  });

  it('is gone when he was deleted', async () => {
    const id = await shop.customer();
    await shop.deleteCustomer(id);
    expect(await shown(id)).toMatchObject({ status: 404, text: '' });
    const { text } = await orders.request('GET', '/customerOrderses?size=1000');
    expect(text).not.toContain(id);
  });
});
