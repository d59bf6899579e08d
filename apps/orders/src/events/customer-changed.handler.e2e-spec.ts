import { randomBytes, randomUUID } from 'node:crypto';
import { customerChanges } from '@storefront/contracts';
import { eventually } from '../../../../test/eventually';
import { aCustomer } from '../../test/an-order';
import { changeOf, deletionOf, Neighbours, recorded } from '../../test/neighbours';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { Shop } from '../../test/shop';
import type { Customer } from '../domain/customer';

const john = '6b00fd16738d8201e1471e45';

interface Lane {
  _id: string;
  events: { headers: { name: string; value: { toString(): string } | null }[] }[];
}

describe('what Accounts reports about a customer', () => {
  let orders: RunningOrders;
  let shop: Shop;
  let accounts: Neighbours;

  beforeAll(async () => {
    accounts = await Neighbours.open();
    orders = await startOrders({}, { consumes: true });
    shop = new Shop(orders);
  });

  afterAll(async () => {
    await orders?.stop();
    await accounts?.close();
  });

  function named(id: string, firstName: string): Customer {
    return aCustomer({ id, name: { ...aCustomer().name, firstName } });
  }

  /** The customer in the summary. */
  async function replica(id: string): Promise<(Customer & { orders: object[] }) | undefined> {
    const { json } = await orders.request('GET', '/customers/summary');
    return (json as { customers: (Customer & { orders: object[] })[] }).customers.find((one) => one.id === id);
  }

  /** Sends the records and one more behind them; waits until that one has arrived. */
  async function send(...records: Parameters<Neighbours['send']>[1][]): Promise<void> {
    const last = `last-${randomUUID()}`;
    await accounts.send(customerChanges.name, ...records, changeOf(named(last, 'Last'), 1));
    await eventually(
      () => orders.request('GET', `/customers/${last}/orders`),
      ({ status }) => status === 200,
    );
  }

  it('is in the replica, field by field', async () => {
    const customer = named(randomUUID(), 'Ada');
    await send(changeOf(customer, 1));
    expect(JSON.stringify(await replica(customer.id))).toBe(JSON.stringify({ ...customer, orders: [] }));
  });

  it('never goes back: version 2 after version 3', async () => {
    const id = randomUUID();
    await send(changeOf(named(id, 'One'), 1), changeOf(named(id, 'Three'), 3), changeOf(named(id, 'Two'), 2));
    expect(await replica(id)).toEqual({ ...named(id, 'Three'), orders: [] });
    await send(changeOf(named(id, 'Two'), 2), changeOf(named(id, 'Three'), 3));
    expect(await replica(id)).toEqual({ ...named(id, 'Three'), orders: [] });
  });

  it('may be unreadable: at or below the version that is here it is missed by nobody, above it waits aside', async () => {
    const id = randomUUID();
    const broken = (version: number) => ({ ...changeOf(named(id, 'Broken'), version), value: '{' });
    await send(changeOf(named(id, 'Three'), 3), broken(2), broken(3));
    // version 4 is parked after what is not
    await send(broken(1), broken(3), broken(4));
    const lanes = orders.store.collection<Lane>('parked.events');
    const lane = await eventually(
      () => lanes.findOne({ _id: `${customerChanges.name}|${id}` }),
      (found) => found !== null,
    );
    const versionIn = ({ headers }: Lane['events'][number]) =>
      headers.find(({ name }) => name === 'ce_aggregateversion')?.value?.toString();
    expect(lane?.events.map(versionIn)).toEqual(['4']);
    expect(await replica(id)).toMatchObject({ name: { firstName: 'Three' } });
  });

  it('never touches his orders', async () => {
    const id = randomUUID();
    await send(changeOf(named(id, 'Ada'), 1));
    const guid = await shop.placed(['approve'], id);
    const before = (await shop.order(guid)).text;
    await send(changeOf(named(id, 'Augusta'), 2));
    expect(await replica(id)).toMatchObject({ name: { firstName: 'Augusta' }, orders: [{ guid }] });
    expect((await shop.order(guid)).text).toBe(before);
    await send(deletionOf(id, 3));
    const { customer, ...links } = linksIn(before);
    expect(customer).toBeDefined();
    const after = JSON.parse((await shop.order(guid)).text) as object;
    expect(after).toEqual({ ...(JSON.parse(before) as object), _links: links });
  });

  it('can be that he is gone, until he is back', async () => {
    const id = randomUUID();
    await send(changeOf(named(id, 'Ada'), 1), deletionOf(id, 2), changeOf(named(id, 'Ada'), 1));
    expect(await replica(id)).toBeUndefined();
    const answer = await shop.place(id);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('retry-after')).toBeNull();
    await send(changeOf(named(id, 'Again'), 3));
    expect((await shop.place(id)).status).toBe(201);
  });

  it('lets an order in that came too early', async () => {
    const id = randomUUID();
    const early = await shop.place(id);
    expect(early.status).toBe(404);
    expect(early.headers.get('retry-after')).toBe('1');
    await send(changeOf(named(id, 'Ada'), 1));
    expect((await shop.place(id)).status).toBe(201);
  });

  it('may come from the original service, without key and version', async () => {
    const id = randomBytes(12).toString('hex');
    const records = recorded(customerChanges.name, john, id);
    expect(records).toHaveLength(1);
    await send(...records);
    const value = JSON.parse(String(records[0]?.value)) as Customer;
    expect(JSON.stringify(await replica(id))).toBe(JSON.stringify({ ...value, orders: [] }));
  });

  it('is taken from the original service only until ours has spoken', async () => {
    const id = randomBytes(12).toString('hex');
    const foreign = recorded(customerChanges.name, john, id);
    await send(changeOf(named(id, 'Ours'), 1), ...foreign);
    expect(await replica(id)).toMatchObject({ name: { firstName: 'Ours' } });
  });
});

function linksIn(text: string): Record<string, unknown> {
  return (JSON.parse(text) as { _links: Record<string, unknown> })._links;
}
