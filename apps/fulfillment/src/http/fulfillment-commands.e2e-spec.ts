import type { OrderStatusType } from '@storefront/contracts';
import { randomUUID } from 'node:crypto';
import { eventsOf, statusesOf, Warehouse } from '../../test/warehouse';

describe('the commands of a fulfillment', () => {
  let warehouse: Warehouse;

  beforeAll(async () => {
    warehouse = await Warehouse.open();
  });

  afterAll(() => warehouse?.close());

  it('go all the way, and report each status once, in order', async () => {
    const guid = await warehouse.one();
    const before = Date.now();
    const processed = await warehouse.command(guid, 'process', { note: 'packing' });
    expect([processed.status, processed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(processed.json).toMatchObject({
      _links: { self: { href: `${warehouse.service.url}/fulfillments/${guid}` } },
    });
    expect((await warehouse.command(guid, 'ship', { shippingMethod: 'UPS' })).json).toMatchObject({
      shippingMethod: 'UPS',
    });
    await warehouse.command(guid, 'in-transit');
    await warehouse.command(guid, 'receive', {});
    const returned = await warehouse.command(guid, 'return', { note: 'broken' });
    const path: OrderStatusType[] = ['PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED', 'RETURNED'];
    expect(statusesOf(returned)).toEqual(['CREATED', 'APPROVED', ...path]);

    const records = await warehouse.topic.versionsOf(guid, 5);
    const reported = eventsOf(returned).slice(2);
    expect(records.map(({ value }) => value)).toEqual(
      reported.map((orderStatusEvent) => JSON.stringify({ guid, orderStatusEvent })),
    );
    expect(reported.map(({ note }) => note)).toEqual(['packing', null, null, null, 'broken']);
    expect(reported.every(({ timestamp }) => timestamp >= before)).toBe(true);
    expect(records.map(({ headers }) => [headers.ce_previousversion, headers.ce_aggregateversion])).toEqual([
      ['0', '2'],
      ['2', '3'],
      ['3', '4'],
      ['4', '5'],
      ['5', '6'],
    ]);
    expect(records[0]?.headers).toMatchObject({
      ce_source: '/fulfillment',
      ce_type: 'storefront.order.status-changed',
      ce_subject: guid,
    });
  });

  it('can be held, taken up again and cancelled', async () => {
    const guid = await warehouse.one();
    for (const name of ['process', 'hold', 'process', 'hold', 'cancel']) {
      expect([name, (await warehouse.command(guid, name)).status]).toEqual([name, 200]);
    }
    const answer = await warehouse.get(`/${guid}`);
    expect(statusesOf(answer).slice(2)).toEqual(['PROCESSING', 'ON_HOLD', 'PROCESSING', 'ON_HOLD', 'CANCELLED']);
  });

  it('refuse a wrong move, say what is right, and stay as they are', async () => {
    const guid = await warehouse.one();
    const refused = await warehouse.command(guid, 'receive');
    expect(refused.status).toBe(409);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.json).toMatchObject({
      status: 409,
      from: 'APPROVED',
      to: 'RECEIVED',
      allowed: ['PROCESSING', 'CANCELLED'],
    });
    expect((await warehouse.command(guid, 'process')).status).toBe(200);
    expect((await warehouse.command(guid, 'process')).json).toMatchObject({ from: 'PROCESSING', to: 'PROCESSING' });
    expect(await warehouse.stored(guid)).toMatchObject({ version: 2 });
    expect(await warehouse.topic.versionsOf(guid, 1)).toHaveLength(1);
  });

  it('refuse a shipment without a method or with an unknown one', async () => {
    const guid = await warehouse.one();
    await warehouse.command(guid, 'process');
    for (const body of [undefined, {}, { shippingMethod: 'Pigeon' }]) {
      const answer = await warehouse.command(guid, 'ship', body);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ errors: [{ field: 'shippingMethod' }] });
    }
    expect((await warehouse.command(guid, 'hold', { note: 7 })).json).toMatchObject({ errors: [{ field: 'note' }] });
    expect(await warehouse.stored(guid)).toMatchObject({ version: 2 });
  });

  it('are unknown until they were asked for', async () => {
    const unknown = await warehouse.command(randomUUID(), 'process');
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    const item = await warehouse.get(`/${randomUUID()}`);
    expect([item.status, item.text]).toEqual([404, '']);
  });

  it('are moved only over the version the client has seen', async () => {
    const guid = await warehouse.one();
    expect((await warehouse.command(guid, 'process', {}, { 'if-match': '"7"' })).status).toBe(412);
    expect((await warehouse.command(guid, 'process', {}, { 'if-match': '"1"' })).status).toBe(200);
  });
});
