import { randomUUID } from 'node:crypto';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { orderOf, Shop } from '../../test/shop';

describe('commands about an order', () => {
  let orders: RunningOrders;
  let shop: Shop;

  beforeAll(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
  });

  afterAll(() => orders.stop());

  it.each([
    { command: 'approve', before: [], status: 'APPROVED' },
    { command: 'reject', before: [], status: 'REJECTED' },
    { command: 'hold', before: [], status: 'ON_HOLD' },
    { command: 'cancel', before: ['approve'], status: 'CANCELLED' },
  ])('$command makes it $status, with a note', async ({ command, before, status }) => {
    const guid = await shop.placed(before);
    const answer = await shop.command(guid, command, { note: 'because' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${before.length + 2}"`);
    const body = orderOf(answer);
    expect(body.status).toBe(status);
    expect(body.orderStatusEvents.at(-1)).toMatchObject({ orderStatusType: status, note: 'because' });
    expect((await shop.order(guid)).text).toBe(answer.text);
  });

  it('need no body', async () => {
    const answer = await shop.command(await shop.placed(['hold']), 'approve');
    expect(orderOf(answer).orderStatusEvents.at(-1)).toMatchObject({
      orderStatusType: 'APPROVED',
      note: null,
    });
  });

  it('are refused where the status does not allow them, with what it allows, and change nothing', async () => {
    const guid = await shop.placed(['hold']);
    const before = (await shop.order(guid)).text;
    const answer = await shop.command(guid, 'hold');
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({
      status: 409,
      from: 'ON_HOLD',
      to: 'ON_HOLD',
      allowed: ['APPROVED', 'REJECTED', 'CANCELLED'],
    });
    expect((await shop.order(guid)).text).toBe(before);
  });

  it('end with the request to fulfill it, which is made once', async () => {
    const guid = await shop.placed(['approve']);
    const answer = await shop.command(guid, 'fulfill');
    expect(answer.status).toBe(200);
    const body = orderOf(answer);
    expect(body).toMatchObject({ status: 'APPROVED', fulfillmentRequested: true });
    expect(Object.keys(body._links)).toEqual(['self', 'order', 'customer']);

    expect((await shop.command(guid, 'fulfill')).status).toBe(409);
    const cancel = await shop.command(guid, 'cancel');
    expect(cancel.status).toBe(409);
    expect(cancel.json).toMatchObject({
      detail: expect.stringContaining('the Fulfillment service decides what becomes of it.'),
      from: 'APPROVED',
      to: 'CANCELLED',
      allowed: [],
    });
    expect((await shop.order(guid)).text).toBe(answer.text);
  });

  it('do not request the fulfillment of what is not approved', async () => {
    const answer = await shop.command(await shop.placed(), 'fulfill');
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ from: 'CREATED', to: 'FULFILLMENT_REQUESTED' });
  });

  it('do not request a fulfillment without a SHIPPING address', async () => {
    const guid = await shop.placed(['approve'], await shop.customer({ addresses: [] }));
    expect((await shop.command(guid, 'fulfill')).status).toBe(409);
    expect((await shop.order(guid)).json).toMatchObject({ fulfillmentRequested: false });
  });

  it('do not request a fulfillment for a deleted customer', async () => {
    const id = await shop.customer();
    const guid = await shop.placed(['approve'], id);
    await shop.deleteCustomer(id);
    expect((await shop.command(guid, 'fulfill')).status).toBe(404);
    expect((await shop.order(guid)).json).toMatchObject({ fulfillmentRequested: false });
  });

  it('get through once, of many that are equal', async () => {
    const guid = await shop.placed(['approve']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.command(guid, 'fulfill')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    expect((await shop.order(guid)).headers.get('etag')).toBe('"3"');
  });

  it('may be about the version that the client has seen, or not at all', async () => {
    const guid = await shop.placed(['approve']);
    expect((await shop.command(guid, 'cancel', undefined, { 'if-match': '"1"' })).status).toBe(412);
    expect((await shop.command(guid, 'fulfill', undefined, { 'if-match': '"1"' })).status).toBe(412);
    expect((await shop.order(guid)).headers.get('etag')).toBe('"2"');
    expect((await shop.command(guid, 'cancel', undefined, { 'if-match': '"2"' })).status).toBe(200);
  });

  it('are not made about a version that the client excludes', async () => {
    const guid = await shop.placed();
    for (const tag of ['"1"', 'W/"1"', '*']) {
      const { status, headers } = await shop.command(guid, 'approve', undefined, { 'if-none-match': tag });
      expect([tag, status, headers.get('etag')]).toEqual([tag, 412, '"1"']);
    }
    expect((await shop.command(guid, 'approve', undefined, { 'if-none-match': '"2"' })).status).toBe(200);
  });

  it.each(['approve', 'reject', 'hold', 'cancel', 'fulfill'])('%s needs an order', async (command) => {
    const answer = await shop.command(randomUUID(), command);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('take no note that is no text', async () => {
    const guid = await shop.placed();
    const answer = await shop.command(guid, 'approve', { note: 5 });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ errors: [{ field: 'note' }] });
    expect((await shop.order(guid)).json).toMatchObject({ status: 'CREATED' });
  });
});
