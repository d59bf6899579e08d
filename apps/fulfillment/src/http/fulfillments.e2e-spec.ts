import { randomUUID } from 'node:crypto';
import { aRequest } from '../../test/a-request';
import { startFulfillment } from '../../test/running-fulfillment';
import { statusesOf, Warehouse } from '../../test/warehouse';

describe('fulfillments', () => {
  let warehouse: Warehouse;

  beforeAll(async () => {
    warehouse = await Warehouse.open();
  });

  afterAll(() => warehouse?.close());

  it('move together by the sample URLs, which skip what may not move', async () => {
    const [ahead = '', held = '', ...others] = await warehouse.requested(5);
    await warehouse.command(ahead, 'cancel');
    await warehouse.command(held, 'process');
    await warehouse.command(held, 'hold');
    for (const [name, status] of [
      ['process', 'Processing'],
      ['ship', 'Shipped'],
      ['in-transit', 'In Transit'],
      ['receive', 'Received'],
      ['receive', 'Received'],
    ] as const) {
      const answer = await warehouse.service.request(name === 'ship' ? 'POST' : 'GET', `/fulfillments/sample/${name}`);
      expect([answer.status, answer.text]).toEqual([200, `Order status changed to '${status}'`]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain;\s*charset=utf-8$/i);
    }
    for (const guid of others) {
      const answer = await warehouse.get(`/${guid}`);
      expect(statusesOf(answer).slice(1)).toEqual(['APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED']);
      expect((answer.json as { shippingMethod: string }).shippingMethod).toMatch(/^(USPS|FedEx|UPS|Uber|Drone)$/);
      expect(await warehouse.topic.versionsOf(guid, 4)).toHaveLength(4);
    }
    expect(await warehouse.stored(ahead)).toMatchObject({ version: 2 });
    expect(await warehouse.stored(held)).toMatchObject({ version: 3 });
    expect((await warehouse.get('/sample/zzz')).status).toBe(404);
  });

  it('come in pages and in one compact summary', async () => {
    const [guid = ''] = await warehouse.requested(3);
    const page = await warehouse.get('?size=2&sort=order.guid');
    const { _embedded, page: numbers } = page.json as {
      _embedded: { fulfillments: { order: { guid: string } }[] };
      page: { size: number; totalElements: number };
    };
    const guids = _embedded.fulfillments.map(({ order }) => order.guid);
    expect(guids).toEqual(guids.toSorted());
    expect(numbers.totalElements).toBeGreaterThanOrEqual(3);

    const summary = await warehouse.get('/summary');
    expect(summary.headers.get('content-type')).toMatch(/^application\/json/);
    expect(summary.text).toContain(JSON.stringify({ id: guid, ...aRequest(guid), shippingMethod: null }));
    const part = (await warehouse.get('/summary?size=2')).json as { fulfillments: [] };
    expect(part.fulfillments).toHaveLength(2);
  });

  it('of an original service can be read, but not moved', async () => {
    const collection = warehouse.service.store.collection('fulfillment.requests');
    const { order, ...rest } = aRequest(randomUUID());
    const { insertedId } = await collection.insertOne({ ...rest, order, _class: 'com.storefront.model.Fulfillment' });
    await collection.insertOne({ _class: 'com.storefront.model.Fulfillment' });
    const id = insertedId.toHexString();
    expect((await warehouse.get(`/${id}`)).json).toMatchObject({
      order,
      shippingMethod: null,
    });
    expect((await warehouse.command(id, 'process')).status).toBe(409);
    expect((await warehouse.get('/sample/process')).status).toBe(200);
    expect((await warehouse.get('/summary')).status).toBe(200);
    expect(await collection.findOne({ _id: insertedId })).not.toHaveProperty('version');
  });

  it('have no sample URLs unless sample data is enabled', async () => {
    const closed = await startFulfillment({ SAMPLE_DATA: 'disabled' });
    try {
      for (const method of ['GET', 'POST']) {
        expect((await closed.request(method, '/fulfillments/sample/process')).status).toBe(404);
      }
    } finally {
      await closed.stop();
    }
  });

  it('are found from the root', async () => {
    expect((await warehouse.service.request('GET', '/')).json).toEqual({
      _links: {
        fulfillments: { href: `${warehouse.service.url}/fulfillments{?page,size,sort}`, templated: true },
        profile: { href: `${warehouse.service.url}/profile` },
        fulfillment: { href: `${warehouse.service.url}/fulfillments/{guid}`, templated: true },
      },
    });
  });
});
