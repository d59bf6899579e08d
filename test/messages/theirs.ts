import type { Message } from 'kafkajs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { blueWidget } from '../system/bodies';
import { counted } from '../system/metrics';
import { documentId, type LaneDocument } from '../system/stores';
import type { Storefront } from '../system/storefront';

interface RecordedMessage {
  topic: string;
  partition: number;
  timestamp: string;
  headers: Record<string, string>;
  value: string;
}

interface Order {
  guid: string;
  status: string;
  orderStatusEvents: { orderStatusType: string }[];
}

const recorded = readFileSync(join(__dirname, '../recorded/messages.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedMessage);

const customers = recorded.filter(({ topic }) => topic === 'accounts.customer.change');
const requests = recorded.filter(({ topic }) => topic === 'orders.order.fulfill');
const changes = recorded.filter(({ topic }) => topic === 'fulfillment.order.change');
const customerIds = customers.map(({ value }) => (JSON.parse(value) as { id: string }).id);
const guids = requests.map(({ value }) => (JSON.parse(value) as { order: { guid: string } }).order.guid);
const [john = ''] = customerIds;
const [recordedGuid = ''] = guids;

/** The messages of one run of the original services: no key, none of our headers, `b3` and `__TypeId__` instead. */
export function theirMessages(started: () => Storefront): void {
  let storefront: Storefront;
  const foreign = new Set([...customerIds, ...guids]);
  const lanes = guids.map((guid) => `fulfillment.order.change|${guid}`);
  const settled = () => storefront.settled({ foreign, lanes });

  beforeAll(async () => {
    storefront = started();
    await send(recorded);
    await settled();
  });

  async function send(messages: readonly RecordedMessage[]): Promise<void> {
    for (const { topic, partition, timestamp, headers, value } of messages) {
      const message: Message = { partition, timestamp, headers, key: null, value };
      await storefront.topics.send(topic, [message]);
    }
  }

  it('make the customers known to Orders, field by field', async () => {
    for (const { value } of customers) {
      const { id, ...told } = JSON.parse(value) as { id: string };
      const replica = await storefront.stores.replicas.findOne({ _id: documentId(id) });
      expect(replica).toMatchObject({ version: 0, ...told });
    }
  });

  it('make one fulfillment for each request, with the whole order in it', async () => {
    const { fulfillments } = (await storefront.request('GET', '/fulfillment/fulfillments/summary')).json as {
      fulfillments: { id: string; order: { guid: string } }[];
    };
    const theirs = fulfillments.filter(({ order }) => guids.includes(order.guid));
    expect(theirs.map(({ id }) => id).toSorted()).toEqual(guids.toSorted());
    for (const { value } of requests) {
      const told = JSON.parse(value) as { order: { guid: string } };
      const { id: _id, ...one } = fulfillments.find(({ id }) => id === told.order.guid) ?? {};
      expect(JSON.stringify(one)).toBe(JSON.stringify({ ...told, shippingMethod: null }));
    }
  });

  it('wait, byte by byte, where they are about orders that Orders does not have', async () => {
    const parked = await storefront.stores.lanes('orders').find().toArray();
    expect(parked.map(({ _id }) => _id).toSorted()).toEqual(lanes.toSorted());
    expect(parked.flatMap(bytesOf).toSorted()).toEqual(
      changes.map(({ value, headers }) => [null, value, ...Object.entries(headers).flat()].join('\n')).toSorted(),
    );
    expect(parked.map(({ reason }) => reason)).toEqual(parked.map(() => 'unknown order'));
  });

  it('change nothing when all of them come again', async () => {
    const before = await everything();
    const [replicas, fulfillments] = await Promise.all([copies('orders'), copies('fulfillment')]);
    await send([...customers, ...requests]);
    await settled();
    expect(await everything()).toEqual(before);
    expect(await copies('orders')).toEqual(replicas);
    expect(await copies('fulfillment')).toEqual(fulfillments);
  });

  it('carry an order of ours from a customer of theirs to RECEIVED', async () => {
    const items = [{ product: blueWidget, quantity: 1 }];
    const placed = await storefront.request('POST', `/orders/customers/${john}/orders`, { items });
    expect(placed.status).toBe(201);
    const { guid } = placed.json as Order;
    foreign.add(guid);
    for (const command of ['approve', 'fulfill']) {
      expect((await storefront.request('POST', `/orders/orders/${guid}/${command}`)).status).toBe(200);
    }
    const told = changes.filter(({ value }) => value.includes(recordedGuid));
    const toldOfOurs = told.map((change) => ({
      ...change,
      value: change.value.replace(recordedGuid, guid),
      partition: 0,
    }));
    await send([...toldOfOurs, ...toldOfOurs]);
    const { json } = await eventually(
      () => storefront.request('GET', `/orders/orders/${guid}`),
      (answer) => (answer.json as Order).status === 'RECEIVED',
    );
    await settled();
    const history = (json as Order).orderStatusEvents.map(({ orderStatusType }) => orderStatusType);
    expect(history).toEqual(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED']);
    expect((await storefront.request('GET', `/orders/orders/${guid}`)).json).toEqual(json);
  });

  it('no longer count for a customer once our Accounts has told of him', async () => {
    const { id: _id, ...body } = JSON.parse(customers[0]?.value ?? '') as { id: string; contact: object };
    const changed = { ...body, contact: { ...body.contact, email: 'john@example.org' } };
    foreign.delete(john);
    expect((await storefront.request('PUT', `/accounts/customers/${john}`, changed)).status).toBe(201);
    await settled();
    const ignored = () => counted(storefront, 'orders', 'consumer_events_total', { outcome: 'ignored' });
    const before = await ignored();
    await send(customers.slice(0, 1).map((message) => ({ ...message, timestamp: String(Date.now()) })));
    await settled();
    expect((await ignored()) - before).toBe(1);
    const replica = await storefront.stores.replicas.findOne({ _id: documentId(john) });
    expect(replica).toMatchObject({ version: 1, contact: { email: 'john@example.org' } });
  });

  /** What the services show of it. */
  async function everything(): Promise<string[]> {
    const paths = ['/orders/customers/summary', '/fulfillment/fulfillments/summary'];
    return Promise.all(paths.map(async (path) => (await storefront.request('GET', path)).text));
  }

  async function copies(service: 'orders' | 'fulfillment'): Promise<unknown[]> {
    if (service === 'fulfillment') return storefront.stores.fulfillments.find().toArray();
    const projection = { projection: { unversioned: 0 } };
    return storefront.stores.replicas.find({}, projection).toArray();
  }
}

function bytesOf({ events }: LaneDocument): string[] {
  return events.map(({ key, value, headers }) =>
    [
      key && text(key),
      value && text(value),
      ...headers.flatMap((header) => [header.name, header.value && text(header.value)]),
    ].join('\n'),
  );
}

function text(bytes: { value(): string | Uint8Array }): string {
  return Buffer.from(bytes.value() as Uint8Array).toString();
}
