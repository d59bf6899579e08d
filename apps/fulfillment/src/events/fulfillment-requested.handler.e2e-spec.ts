import type { FulfillmentRequest } from '@storefront/contracts';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../../test/eventually';
import { aRequest } from '../../test/a-request';
import { NeighbouringOrders, recordedRequest } from '../../test/neighbouring-orders';
import { type RunningFulfillment, startFulfillment } from '../../test/running-fulfillment';

const management = { MANAGEMENT_USERNAME: 'ops', MANAGEMENT_PASSWORD: 'secret' };
const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;

describe('what Orders asks for', () => {
  let fulfillment: RunningFulfillment;
  let orders: NeighbouringOrders;

  beforeAll(async () => {
    orders = await NeighbouringOrders.open();
    fulfillment = await startFulfillment(management);
  });

  afterAll(async () => {
    await fulfillment?.stop();
    await orders?.close();
  });

  async function arrived(guid: string): Promise<object> {
    const { json } = await eventually(
      () => fulfillment.request('GET', `/fulfillments/${guid}`),
      ({ status }) => status === 200,
    );
    const { _links, ...content } = json as Record<string, unknown>;
    expect(_links).toBeDefined();
    return content;
  }

  /** Everything sent before has been dealt with. */
  async function settled(): Promise<void> {
    const last = randomUUID();
    await orders.request(aRequest(last));
    await arrived(last);
  }

  const parked = (key: string) =>
    fulfillment.store.collection('parked.events').countDocuments({ _id: { $regex: key } as never });
  const documents = (guid: string) =>
    fulfillment.store.collection('fulfillment.requests').find({ 'order.guid': guid }).toArray();

  it('becomes a fulfillment under the guid of the order, with everything that came', async () => {
    const guid = randomUUID();
    await orders.request(aRequest(guid));
    expect(JSON.stringify(await arrived(guid))).toBe(JSON.stringify({ ...aRequest(guid), shippingMethod: null }));
  });

  it('is understood from the original service, which sends no key and no version', async () => {
    const guid = randomUUID();
    const record = recordedRequest(guid);
    await orders.send(record);
    const request = JSON.parse(String(record.value)) as FulfillmentRequest;
    expect(JSON.stringify(await arrived(guid))).toBe(JSON.stringify({ ...request, shippingMethod: null }));
  });

  it('makes one fulfillment, however often it comes, and does not set it back', async () => {
    const guid = randomUUID();
    await orders.request(aRequest(guid), aRequest(guid));
    await arrived(guid);
    expect((await fulfillment.request('POST', `/fulfillments/${guid}/process`)).status).toBe(200);
    await orders.request(aRequest(guid), aRequest(guid));
    await orders.send(recordedRequest(guid));
    await settled();
    expect(await documents(guid)).toMatchObject([{ _id: guid, version: 2 }]);
    expect(await arrived(guid)).toMatchObject({
      order: {
        orderStatusEvents: [
          { orderStatusType: 'CREATED' },
          { orderStatusType: 'APPROVED' },
          { orderStatusType: 'PROCESSING' },
        ],
      },
    });
  });

  it('takes the place of what was kept of it when an operator says so, until the carrier has it', async () => {
    const [changed, sent, other] = [randomUUID(), randomUUID(), randomUUID()];
    const all = [changed, sent, other];
    await orders.request(...all.map((guid) => aRequest(guid)));
    for (const guid of all) await arrived(guid);
    expect((await fulfillment.request('POST', `/fulfillments/${changed}/process`)).status).toBe(200);
    expect((await fulfillment.request('POST', `/fulfillments/${sent}/process`)).status).toBe(200);
    const carrier = { shippingMethod: 'UPS' };
    expect((await fulfillment.request('POST', `/fulfillments/${sent}/ship`, carrier)).status).toBe(200);
    const collection = fulfillment.store.collection('fulfillment.requests');
    const tampered = { $set: { 'contact.email': 'wrong@example.org' } };
    await collection.updateMany({ _id: { $in: all as never[] } }, tampered);

    const guids = [changed, sent, randomUUID()];
    const awaited = await fulfillment.request(
      'POST',
      '/actuator/fulfillment-requests/await',
      { guids },
      { authorization },
    );
    expect(awaited.status).toBe(204);
    await orders.request(...all.map((guid) => aRequest(guid)));
    const { contact } = aRequest(changed);
    const [taken] = await eventually(
      () => documents(changed),
      ([document]) => document?.version === 4,
    );
    expect(taken).toMatchObject({ _id: changed, contact });
    expect(taken).not.toHaveProperty('awaitsRequest');
    await settled();
    expect(await arrived(changed)).toMatchObject({ contact, order: { orderStatusEvents: { length: 3 } } });
    for (const guid of [sent, other])
      expect(await documents(guid)).toMatchObject([{ contact: { email: 'wrong@example.org' } }]);
  });

  it('may be unreadable once it is accepted: it is the same request again', async () => {
    const guid = randomUUID();
    await orders.request(aRequest(guid));
    await arrived(guid);
    await orders.send({ key: guid, value: '{', headers: { ce_aggregateversion: '3', ce_previousversion: '0' } });
    await settled();
    expect(await parked(guid)).toBe(0);
  });

  it('waits aside when it makes no sense, and holds nothing else up', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    const empty = randomUUID();
    const broken = { ...aRequest(bad), address: null };
    await orders.send({ key: null, value: JSON.stringify(broken) }, { key: empty, value: null });
    await orders.request(aRequest(good));
    await arrived(good);
    expect((await fulfillment.request('GET', `/fulfillments/${bad}`)).status).toBe(404);
    expect([await parked(bad), await parked(empty)]).toEqual([1, 1]);
  });
});
