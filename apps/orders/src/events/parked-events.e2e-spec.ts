import { randomUUID } from 'node:crypto';
import { type OrderStatusEvent, orderStatusChanges, type OrderStatusType } from '@storefront/contracts';
import { eventually } from '../../../../test/eventually';
import { anOrder } from '../../test/an-order';
import { Neighbours, statusOf } from '../../test/neighbours';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { orderOf, Shop } from '../../test/shop';
import { Order } from '../domain/order';
import { Orders } from '../domain/orders';

const management = { MANAGEMENT_USERNAME: 'ops', MANAGEMENT_PASSWORD: 'secret' };
const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;
const problems = 'application/problem+json, application/json';

interface LaneBody {
  id: string;
  aggregateId: string;
  events: number;
  reason: string;
  exhausted: boolean;
}

describe('what Fulfillment reports and an order cannot take, seen by an operator', () => {
  let orders: RunningOrders;
  let shop: Shop;
  let fulfillment: Neighbours;

  beforeAll(async () => {
    fulfillment = await Neighbours.open();
    // what is parked here is left to the operator at once
    orders = await startOrders({ ...management, PARKED_MAX_REDRIVES: '1' }, { consumes: true });
    shop = new Shop(orders);
  });

  afterAll(async () => {
    await orders?.stop();
    await fulfillment?.close();
  });

  function event(orderStatusType: OrderStatusType): OrderStatusEvent {
    return { timestamp: Date.now(), orderStatusType, note: null };
  }

  function operate(method: string, path = '', body?: unknown) {
    return orders.request(method, `/actuator/parked${path}`, body, { authorization, accept: problems });
  }

  const laneOf = (guid: string) => `${orderStatusChanges.name}|${guid}`;
  const pathOf = (guid: string) => `/${encodeURIComponent(laneOf(guid))}`;

  async function parked(...records: ReturnType<typeof statusOf>[]): Promise<LaneBody> {
    await fulfillment.send(orderStatusChanges.name, ...records);
    const guid = String(records[0]?.key);
    const { json } = await eventually(
      () => operate('GET', pathOf(guid)),
      (answer) => answer.status === 200 && (answer.json as LaneBody).exhausted,
    );
    return json as LaneBody;
  }

  async function history(guid: string): Promise<OrderStatusType[]> {
    return orderOf(await shop.order(guid)).orderStatusEvents.map(({ orderStatusType }) => orderStatusType);
  }

  it('is open to the management user alone', async () => {
    expect((await orders.request('GET', '/actuator/parked')).status).toBe(401);
    const wrong = { authorization: `Basic ${Buffer.from('ops:wrong').toString('base64')}` };
    expect((await orders.request('POST', '/actuator/parked/redrive', {}, wrong)).status).toBe(401);
    expect((await operate('GET')).status).toBe(200);
    const { text } = await orders.request('GET', '/v3/api-docs');
    expect(text).not.toContain('/actuator/parked');
  });

  it('is not there without a management user', async () => {
    const closed = await startOrders();
    expect((await closed.request('GET', '/actuator/parked', undefined, { authorization })).status).toBe(404);
    await closed.stop();
  });

  it('is listed with its reason, and redriven when the order is here', async () => {
    const guid = randomUUID();
    await parked(statusOf(guid, event('PROCESSING'), 2, 0), statusOf(guid, event('SHIPPED'), 3));
    const { json } = await operate('GET', `?topic=${orderStatusChanges.name}&size=500`);
    const { lanes, page } = json as { lanes: LaneBody[]; page: object };
    expect(lanes.find(({ id }) => id === laneOf(guid))).toEqual({
      id: laneOf(guid),
      topic: orderStatusChanges.name,
      aggregateId: guid,
      events: 2,
      bytes: expect.any(Number),
      reason: 'unknown order',
      attempts: 1,
      parkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      ageSeconds: expect.any(Number),
      nextAttemptAt: null,
      exhausted: true,
    });
    expect(page).toEqual({ size: 500, totalElements: lanes.length, totalPages: 1, number: 0 });
    const { state } = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true });
    await orders.app.get(Orders).add(new Order(guid, state));
    const dry = await operate('POST', '/redrive', { topic: orderStatusChanges.name, dryRun: true });
    expect((dry.json as { lanes: LaneBody[] }).lanes.map(({ id }) => id)).toContain(laneOf(guid));
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED']);
    expect((await operate('POST', `${pathOf(guid)}/redrive`)).json).toEqual({
      lane: laneOf(guid),
      released: 2,
      left: 0,
    });
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED']);
    const gone = await operate('GET', pathOf(guid));
    expect([gone.status, (gone.json as { detail: string }).detail]).toEqual([404, `${laneOf(guid)} is not parked.`]);
  });

  it('stays where it is when a slip would redrive more than was meant', async () => {
    const guid = randomUUID();
    await parked(statusOf(guid, event('PROCESSING'), 2, 0));
    const { state } = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true });
    await orders.app.get(Orders).add(new Order(guid, state));
    const slips: [path: string, body: object | undefined, named: string][] = [
      ['/redrive?dryRun=true', undefined, 'dryRun'],
      ['/redrive', { tpoic: orderStatusChanges.name }, 'tpoic'],
      ['/redrive', { topic: 'orders.order.fulfil' }, 'orders.order.fulfil is not consumed by this service'],
      [`${pathOf(guid)}/redrive?dryRun=true`, undefined, 'dryRun'],
      [`${pathOf(guid)}/redrive`, { dryRun: true }, 'dryRun'],
    ];
    for (const [path, body, named] of slips) {
      const { status, text } = await operate('POST', path, body);
      expect([path, status, text]).toEqual([path, 400, expect.stringContaining(named)]);
    }
    expect((await operate('GET', '?topic=orders.order.fulfil')).status).toBe(400);
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED']);
  });

  it('is shown byte by byte, text as text', async () => {
    const guid = randomUUID();
    const poison = statusOf(guid, event('PROCESSING'), 2, 0);
    const value = Buffer.from([0xc3, 0x28, 0x00, 0xff]);
    await parked({ ...poison, value, headers: { ...poison.headers, note: 'ünï', raw: Buffer.from([0xff]) } });
    const { json } = await operate('GET', pathOf(guid));
    const { events, reason } = json as { events: { headers: object[] }[]; reason: string };
    expect(reason).toBe('the value is not UTF-8');
    expect(events[0]).toMatchObject({
      version: 2,
      key: guid,
      keyEncoding: 'text',
      value: value.toString('base64'),
      valueEncoding: 'base64',
    });
    expect(events[0]?.headers).toContainEqual({ name: 'note', value: 'ünï', encoding: 'text' });
    expect(events[0]?.headers).toContainEqual({ name: 'raw', value: '/w==', encoding: 'base64' });
  });

  it('is found under whatever key it came', async () => {
    const key = 'ü/%|?#+ ..'.repeat(25);
    const { aggregateId } = await parked({ ...statusOf(key, event('PROCESSING'), 2, 0), value: 'nothing' });
    expect(aggregateId).toBe(key);
  });

  it('is discarded with a reason: the order does without it, and what follows is applied', async () => {
    const guid = await shop.placed(['approve', 'fulfill']);
    const poison = { ...statusOf(guid, event('PROCESSING'), 2, 0), value: '{"guid":' };
    await parked(poison, statusOf(guid, event('CANCELLED'), 3));
    const discard = (body: unknown) => operate('POST', `${pathOf(guid)}/discard`, body);
    expect((await discard({ version: 2 })).status).toBe(400);
    expect((await discard({ version: 2, position: '1:2', reason: 'both' })).status).toBe(400);
    expect((await discard({ version: 3, reason: 'too early' })).status).toBe(409);
    const { status, json } = await discard({ version: 2, reason: 'cut off by hand' });
    expect([status, json]).toEqual([
      200,
      {
        lane: laneOf(guid),
        discarded: [expect.stringMatching(/^1:\d+$/)],
        version: 2,
        gate: 2,
        redriven: { lane: laneOf(guid), released: 1, left: 0 },
      },
    ]);
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'CANCELLED']);
    const last = await shop.placed(['approve', 'fulfill']);
    await fulfillment.send(orderStatusChanges.name, poison, statusOf(last, event('PROCESSING'), 2, 0));
    await eventually(
      () => history(last),
      (statuses) => statuses.at(-1) === 'PROCESSING',
    );
    expect((await operate('GET', pathOf(guid))).status).toBe(404);
    const kept = await operate('GET', `/discarded?lane=${encodeURIComponent(laneOf(guid))}&size=1`);
    expect(kept.json).toMatchObject({
      discarded: [
        {
          lane: laneOf(guid),
          version: 2,
          reason: 'cut off by hand',
          by: 'ops',
          fault: expect.stringMatching(/^the value is not JSON/),
          event: { value: '{"guid":', valueEncoding: 'text', key: guid },
        },
      ],
      page: { size: 1, totalElements: 1, totalPages: 1, number: 0 },
    });
    expect((await orders.request('GET', '/actuator/parked/discarded')).status).toBe(401);
  });

  it('is waited for no longer when a gap is given up', async () => {
    const guid = await shop.placed(['approve', 'fulfill']);
    await parked(statusOf(guid, event('CANCELLED'), 5, 2));
    const { json } = await operate('POST', `${pathOf(guid)}/discard`, { version: 2, reason: 'it never came' });
    expect(json).toMatchObject({ discarded: [], gate: 2, redriven: { released: 1, left: 0 } });
    expect(await history(guid)).toEqual(['CREATED', 'APPROVED', 'CANCELLED']);
  });

  it('may be skipped before it is read, and is shown, tried and given up by its position then', async () => {
    const topic = orderStatusChanges.name;
    const skip = { topic, partition: 0, offset: 1_000_000, reason: 'a test' };
    const refused = await operate('POST', '/skip', skip);
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.json)).toContain(`There is no record at ${topic}[0:1000000] yet.`);
    expect((await orders.request('POST', '/actuator/parked/skip', skip)).status).toBe(401);
    const { status, json } = await operate('POST', '/skip', { ...skip, partition: -1 });
    expect([status, (json as { errors: unknown[] }).errors]).toMatchObject([400, [{ field: 'partition' }]]);
    for (const path of ['/positions/redrive', '/positions/discard']) {
      expect((await operate('POST', path, { ...skip, topic: 'other' })).status).toBe(400);
    }
    expect((await operate('GET', `/positions?topic=${topic}&partition=0`)).status).toBe(404);
    expect((await operate('POST', '/positions/discard', skip)).status).toBe(404);
    const { topic: of, partition } = skip;
    const redriven = await operate('POST', '/positions/redrive', { topic: of, partition });
    expect(redriven.json).toEqual({ released: 0, moved: 0, lost: 0, left: 0 });
    expect((await operate('GET')).json).toMatchObject({ positions: [] });
  });

  it.each(['?page=-1', '?size=0', '?size=1001', '?minAge=soon'])('refuses a list %s', async (query) => {
    expect((await operate('GET', query)).status).toBe(400);
  });
});
