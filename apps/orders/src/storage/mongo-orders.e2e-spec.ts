import { getModelToken } from '@nestjs/mongoose';
import { fulfillmentRequests } from '@storefront/contracts';
import type { Model } from 'mongoose';
import { TopicTail } from '../../../../test/topic-tail';
import { aCustomer } from '../../test/an-order';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { blue, orderOf, Shop, white } from '../../test/shop';
import { orderModel } from './order.schema';

describe('an order in the store', () => {
  let orders: RunningOrders;
  let shop: Shop;
  let topic: TopicTail;

  beforeAll(async () => {
    orders = await startOrders();
    shop = new Shop(orders);
    topic = await TopicTail.open(fulfillmentRequests.name);
  });

  afterAll(async () => {
    await topic?.close();
    await orders?.stop();
  });

  function model(): Model<unknown> {
    return orders.app.get<Model<unknown>>(getModelToken(orderModel.name), { strict: false });
  }

  it('asks Fulfillment on the topic, as the contract says, once', async () => {
    const customerId = await shop.customer();
    const items = [
      { product: blue, quantity: 5 },
      { product: white, quantity: 1 },
    ];
    const { guid } = orderOf(await shop.place(customerId, items));
    await shop.command(guid, 'approve', { note: 'paid' });
    const before = Date.now();
    const { orderStatusEvents } = orderOf(await shop.command(guid, 'fulfill'));

    const [record, ...others] = await topic.versionsOf(guid, 1);
    const { timestamp } = JSON.parse(record?.value ?? '') as { timestamp: number };
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now());
    const { name, contact, addresses } = aCustomer();
    const widget = (guid: string, colour: string, praise: string, price: number) => ({
      guid,
      title: `${colour} Widget`,
      description: `${praise} ${colour} Widget`,
      price,
    });
    const [created, approved] = orderStatusEvents.map((event) => event.timestamp);
    const expected = {
      timestamp,
      name,
      contact,
      address: addresses[1],
      order: {
        guid,
        orderStatusEvents: [
          { timestamp: created, orderStatusType: 'CREATED', note: null },
          { timestamp: approved, orderStatusType: 'APPROVED', note: 'paid' },
        ],
        orderItems: [
          { product: widget(blue, 'Blue', 'Brilliant', 1.99), quantity: 5 },
          { product: widget(white, 'White', 'Wonderful', 15.99), quantity: 1 },
        ],
      },
    };
    expect(record?.value).toBe(JSON.stringify(expected));
    expect(record?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ce_source: '/orders',
      ce_type: 'storefront.order.fulfillment-requested',
      ce_subject: guid,
      ce_time: expect.stringMatching(/^\d{4}-.*Z$/),
      ce_aggregateversion: '3',
      ce_previousversion: '0',
      'content-type': 'application/json',
    });
    expect(record?.headers).not.toHaveProperty('__TypeId__');
    expect(others).toEqual([]);
  });

  it('is one document, with the fields of its state at the root', async () => {
    const customerId = await shop.customer();
    const guid = await shop.placed(['approve'], customerId);
    const document = await model().collection.findOne({ _id: guid as never });
    expect(document).toMatchObject({
      _id: guid,
      customerId,
      status: 'APPROVED',
      orderStatusEvents: [{ orderStatusType: 'CREATED' }, { orderStatusType: 'APPROVED' }],
      orderItems: [{ product: { price: 1.99 }, quantity: 2 }],
      fulfillmentRequested: false,
      fulfillmentVersion: 0,
      version: 2,
    });
    expect(typeof document?.placedAt).toBe('number');
  });

  it('may have prices in text, as the original service stored them', async () => {
    const guid = await shop.placed();
    await model().collection.updateOne({ _id: guid as never }, { $set: { 'orderItems.0.product.price': '11.99' } });
    expect(orderOf(await shop.order(guid)).orderItems[0]?.product.price).toBe(11.99);
  });

  it('keeps the id of every write, of its removal as a sample too: or nobody could tell what became of one', async () => {
    const customerId = await shop.customer();
    for (let run = 0; run < 2; run++) await orders.request('GET', '/customers/sample/orders');
    const removed = await model().collection.find({ deleted: true }).toArray();
    expect(removed.length).toBeGreaterThanOrEqual(5);
    for (const { version, recentEventIds } of removed) expect([version, recentEventIds.length]).toEqual([2, 2]);
    expect(await model().collection.countDocuments({ customerId })).toBe(5);
  });

  it('is found by its customer through an index', async () => {
    await model().init();
    expect(await model().collection.indexes()).toContainEqual(
      expect.objectContaining({ key: { customerId: 1, placedAt: 1 } }),
    );
  });
});
