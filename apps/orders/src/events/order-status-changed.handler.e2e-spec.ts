import { randomUUID } from 'node:crypto';
import { type OrderStatusEvent, orderStatusChanges, type OrderStatusType } from '@storefront/contracts';
import { ParkedEvents } from '@storefront/messaging';
import { eventually } from '../../../../test/eventually';
import { anOrder } from '../../test/an-order';
import { Neighbours, recorded, statusOf } from '../../test/neighbours';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { orderOf, Shop } from '../../test/shop';
import { Order } from '../domain/order';
import { Orders } from '../domain/orders';

const johns = '363acf9f-d44e-4a35-8cc6-a761ad9d31b4';

describe('what Fulfillment reports about an order', () => {
  let orders: RunningOrders;
  let shop: Shop;
  let fulfillment: Neighbours;

  beforeAll(async () => {
    fulfillment = await Neighbours.open();
    orders = await startOrders({}, { consumes: true });
    shop = new Shop(orders);
  });

  afterAll(async () => {
    await orders?.stop();
    await fulfillment?.close();
  });

  function event(orderStatusType: OrderStatusType, note: string | null = null): OrderStatusEvent {
    return { timestamp: Date.now(), orderStatusType, note };
  }

  function requested(): Promise<string> {
    return shop.placed(['approve', 'fulfill']);
  }

  async function history(guid: string): Promise<OrderStatusType[]> {
    return orderOf(await shop.order(guid)).orderStatusEvents.map(({ orderStatusType }) => orderStatusType);
  }

  function reached(guid: string, status: OrderStatusType): Promise<unknown> {
    return eventually(
      () => shop.order(guid),
      (answer) => orderOf(answer).status === status,
    );
  }

  function lane(guid: string): ReturnType<ParkedEvents['find']> {
    return orders.app.get(ParkedEvents, { strict: false }).find(`${orderStatusChanges.name}|${guid}`);
  }

  /** What is applied in a batch is seen before what is parked of it. */
  function parked(guid: string, count: number): ReturnType<typeof lane> {
    return eventually(
      () => lane(guid),
      (found) => found?.events.length === count,
    );
  }

  /** Sends the records and one of another order behind them; waits until that one has arrived. */
  async function send(...records: Parameters<Neighbours['send']>[1][]): Promise<void> {
    const last = await requested();
    await fulfillment.send(orderStatusChanges.name, ...records, statusOf(last, event('PROCESSING'), 2, 0));
    await reached(last, 'PROCESSING');
  }

  it('is in the order whose GUID it has in upper case', async () => {
    const guid = await requested();
    await send(statusOf(guid.toUpperCase(), event('PROCESSING'), 2, 0));
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING']);
    expect(await lane(guid.toUpperCase())).toBeNull();
  });

  it('waits visibly where it has no version and comes before what it follows, and is in the order behind that', async () => {
    const guid = await requested();
    const without = (status: OrderStatusType) => {
      const value = JSON.stringify({ guid, orderStatusEvent: event(status) });
      return { key: null, value, headers: {} };
    };
    await send(without('IN_TRANSIT'), without('SHIPPED'));
    const reason = 'early: the order is APPROVED, and may become IN_TRANSIT later';
    expect((await parked(guid, 2))?.reason).toBe(reason);
    await send(without('PROCESSING'));
    await reached(guid, 'IN_TRANSIT');
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT']);
    await eventually(
      () => lane(guid),
      (found) => found === null,
    );
    // what lies behind the order is dropped
    await send(without('PROCESSING'));
    expect([await lane(guid), (await history(guid)).length]).toEqual([null, 5]);
  });

  it('is set aside where a text of it has half of a character', async () => {
    const guid = await requested();
    const record = statusOf(guid, event('PROCESSING', 'half'), 2, 0);
    await fulfillment.send(orderStatusChanges.name, {
      ...record,
      value: String(record.value).replace('half', '\\ud800'),
    });
    expect((await parked(guid, 1))?.reason).toBe('orderStatusEvent.note has half of a character (a lone surrogate)');
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED']);
  });

  it('is in the order, one after the other, and raises its version', async () => {
    const [guid, other] = [await requested(), await requested()];
    const events = [event('PROCESSING', 'packing'), event('SHIPPED', 'UPS'), event('IN_TRANSIT'), event('RECEIVED')];
    const records = events.map((status, index) => statusOf(guid, status, index + 2, index === 0 ? 0 : index + 1));
    await send(...records.slice(0, 2), statusOf(other, event('CANCELLED'), 2, 0), ...records.slice(2));
    const answer = await shop.order(guid);
    expect(orderOf(answer).orderStatusEvents.slice(2)).toEqual(events);
    expect(orderOf(answer)).toMatchObject({ status: 'RECEIVED', fulfillmentRequested: true });
    expect(Number(answer.headers.get('etag')?.replaceAll('"', ''))).toBeGreaterThan(3);
    expect(await history(other)).toEqual(['CREATED', 'APPROVED', 'CANCELLED']);
  });

  it('counts once, however often it is delivered', async () => {
    const guid = await requested();
    const records = [statusOf(guid, event('PROCESSING'), 2, 0), statusOf(guid, event('SHIPPED'), 3)];
    await send(...records, ...records);
    await send(...records);
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED']);
    expect(await lane(guid)).toBeNull();
  });

  it('waits for what is missing, while others go on', async () => {
    const guid = await requested();
    await send(statusOf(guid, event('IN_TRANSIT'), 4), statusOf(guid, event('SHIPPED'), 3));
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED']);
    await parked(guid, 2);
    await send(statusOf(guid, event('PROCESSING'), 2, 0));
    await reached(guid, 'IN_TRANSIT');
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT']);
    await eventually(
      () => lane(guid),
      (left) => left === null,
    );
  });

  it('waits for an order that is not here yet', async () => {
    const guid = randomUUID();
    await send(statusOf(guid, event('PROCESSING'), 2, 0), statusOf(guid, event('SHIPPED'), 3));
    expect(await parked(guid, 2)).toMatchObject({ reason: 'unknown order' });
    const { state } = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true });
    await orders.app.get(Orders).add(new Order(guid, state));
    await reached(guid, 'SHIPPED');
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED']);
  });

  it('is set aside where the order cannot take it', async () => {
    const guid = await shop.placed();
    await send(statusOf(guid, event('SHIPPED'), 2, 0));
    expect(await parked(guid, 1)).toMatchObject({ reason: 'illegal: CREATED may not become SHIPPED by Fulfillment' });
    expect(await history(guid)).toEqual(['CREATED']);
  });

  it('is dropped for an order that was deleted', async () => {
    const guid = randomUUID();
    const { state } = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true, sample: true });
    await orders.app.get(Orders).addMany([new Order(guid, state)]);
    await orders.app.get(Orders).removeSamples();
    await send(statusOf(guid, event('PROCESSING'), 2, 0));
    expect(await lane(guid)).toBeNull();
    expect((await shop.order(guid)).status).toBe(404);
  });

  it('may come from the original service, without key and version', async () => {
    const guid = await requested();
    const [processing] = recorded(orderStatusChanges.name, johns, guid);
    if (!processing) throw new Error('there is no recorded status change');
    const later = (['SHIPPED', 'IN_TRANSIT', 'RECEIVED'] as const).map((status) => ({
      ...processing,
      value: JSON.stringify({ guid, orderStatusEvent: event(status) }),
    }));
    const records = [processing, ...later];
    await send(...records, ...records);
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED']);
    await send(statusOf(guid, event('RETURNED'), 1, 0));
    expect((await history(guid)).at(-1)).toBe('RETURNED');
    expect(await lane(guid)).toBeNull();
  });
});
