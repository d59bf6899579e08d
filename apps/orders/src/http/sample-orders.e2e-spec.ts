import type { OrderItem, OrderStatusEvent, OrderStatusType } from '@storefront/contracts';
import { aCustomer } from '../../test/an-order';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { orderOf, Shop } from '../../test/shop';

interface Summary {
  customers: {
    id: string;
    name: object;
    orders: { guid: string; orderStatusEvents: OrderStatusEvent[]; orderItems: OrderItem[] }[];
  }[];
}

describe('sample data, and the summary that shows it', () => {
  let orders: RunningOrders;
  let shop: Shop;

  beforeEach(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
  });

  afterEach(() => orders.stop());

  async function summary(query = ''): Promise<Summary> {
    return (await orders.request('GET', `/customers/summary${query}`)).json as Summary;
  }

  async function statuses(): Promise<Record<string, (OrderStatusType | undefined)[]>> {
    const { customers } = await summary();
    return Object.fromEntries(
      customers.map(({ id, orders: his }) => [
        id,
        his.map(({ orderStatusEvents }) => orderStatusEvents.at(-1)?.orderStatusType),
      ]),
    );
  }

  const five = ['REJECTED', 'RECEIVED', 'CANCELLED', 'RETURNED', 'APPROVED'];

  it.each(['GET', 'POST'])('%s gives every customer five orders, with the recorded answer', async (method) => {
    await shop.customer({ id: 'ada' });
    await shop.customer({ id: '5eed00000000000000000001' });
    const answer = await orders.request(method, '/customers/sample/orders');
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('Sample orders added to customer orders');
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(await statuses()).toEqual({ ada: five, '5eed00000000000000000001': five });
  });

  it('is replaced by the next run, which leaves other orders alone', async () => {
    await shop.customer({ id: 'ada' });
    await shop.customer({ id: 'bob' });
    const own = await shop.placed(['approve'], 'ada');
    const before = (await shop.order(own)).text;
    await orders.request('GET', '/customers/sample/orders');
    const first = (await summary()).customers.flatMap((customer) => customer.orders.map(({ guid }) => guid));
    await shop.deleteCustomer('bob');
    await orders.request('GET', '/customers/sample/orders');

    const { customers } = await summary();
    expect(customers.map(({ id, orders: his }) => [id, his.length])).toEqual([['ada', 6]]);
    expect(customers[0]?.orders.filter(({ guid }) => first.includes(guid)).map(({ guid }) => guid)).toEqual([own]);
    expect((await shop.order(own)).text).toBe(before);
    for (const guid of first) expect((await shop.order(guid)).status).toBe(guid === own ? 200 : 404);
  });

  it('is there once when it is asked for twice at the same time', async () => {
    await shop.customer({ id: 'ada' });
    await Promise.all([1, 2, 3].map(() => orders.request('GET', '/customers/sample/orders')));
    expect(await statuses()).toEqual({ ada: five });
  });

  it.each(['GET', 'POST'])('%s sends what is approved and can be sent, once', async (method) => {
    const nowhere = await shop.customer({ addresses: [] });
    const gone = await shop.customer();
    const somewhere = await shop.customer();
    const unsendable = [await shop.placed(['approve'], nowhere), await shop.placed(['approve'], gone)];
    await shop.deleteCustomer(gone);
    const notApproved = await shop.placed([], somewhere);
    const sent = await shop.placed(['approve', 'fulfill'], somewhere);
    const approved = await shop.placed(['approve'], somewhere);

    for (let run = 0; run < 2; run++) {
      const answer = await orders.request(method, '/customers/sample/fulfill');
      expect(answer.status).toBe(200);
      expect(answer.text).toBe("All 'Approved' orders sent for fulfillment");
      expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    }
    const requested = async (guid: string) => orderOf(await shop.order(guid)).fulfillmentRequested;
    expect(await Promise.all([...unsendable, notApproved].map(requested))).toEqual([false, false, false]);
    expect(await Promise.all([sent, approved].map(requested))).toEqual([true, true]);
    expect((await shop.order(approved)).headers.get('etag')).toBe('"3"');
  });

  it.each(['/customers/sample/orders', '/customers/sample/fulfill'])('has no %s unless enabled', async (path) => {
    const production = await startOrders({ SAMPLE_DATA: 'disabled' });
    const answers = [await production.request('GET', path), await production.request('POST', path)];
    await production.stop();
    for (const { status, json } of answers) {
      expect(status).toBe(404);
      expect(json).toMatchObject({ status: 404, error: 'Not Found', path });
    }
  });

  it('is shown by the summary in the recorded shape', async () => {
    const id = '5eed00000000000000000001';
    const { name, contact, addresses } = aCustomer();
    await shop.customer({ id });
    const { guid, orderStatusEvents, orderItems } = orderOf(await shop.place(id));
    const answer = await orders.request('GET', '/customers/summary');
    expect(answer.headers.get('content-type')).toBe('application/json');
    const order = { guid, orderStatusEvents, orderItems };
    expect(answer.text).toBe(JSON.stringify({ customers: [{ id, name, contact, addresses, orders: [order] }] }));
  });

  it('is shown by the summary page by page where asked to, without deleted customers', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await shop.customer({ id });
    await shop.deleteCustomer('b');
    await orders.request('GET', '/customers/sample/orders');
    const ids = async (query: string) => (await summary(query)).customers.map(({ id }) => id);
    expect(await ids('')).toEqual(['a', 'c', 'd']);
    expect(await ids('?page=0&size=2')).toEqual(['a', 'c']);
    expect(await ids('?page=1&size=2')).toEqual(['d']);
    expect((await summary('?page=1&size=2')).customers[0]?.orders).toHaveLength(5);
  });
});
