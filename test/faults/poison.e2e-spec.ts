import type { Message } from 'kafkajs';
import type { ServiceName } from '../../scripts/system';
import { eventually } from '../eventually';
import { customerBody } from '../system/bodies';
import { counted } from '../system/metrics';
import { Storefront } from '../system/storefront';
import { again, firstAppearances, type TopicRecord } from '../system/topic-records';
import { parkedIn, parkedOf, type Poison, poisonsFor, type TopicName } from './poison-records';
import { report } from './report';

const BATCH = 500;

const customers = 'accounts.customer.change';
const requests = 'orders.order.fulfill';
const changes = 'fulfillment.order.change';

interface Consumption {
  topic: TopicName;
  consumer: 'orders' | 'fulfillment';
  producer: ServiceName;
  /** Makes the owner tell as many different things as there is room for in a batch. */
  happen(count: number): Promise<void>;
}

const consumptions: Consumption[] = [
  { topic: customers, consumer: 'orders', producer: 'accounts', happen: registerCustomers },
  { topic: requests, consumer: 'fulfillment', producer: 'orders', happen: requestFulfillments },
  {
    topic: changes,
    consumer: 'orders',
    producer: 'fulfillment',
    happen: () => call('GET', '/fulfillment/fulfillments/sample/process'),
  },
];

let storefront: Storefront;
/** What must be parked in the end. */
const expected: { consumer: 'orders' | 'fulfillment'; topic: TopicName; lane: string; bytes: string }[] = [];

beforeAll(async () => {
  storefront = await Storefront.start();
});
afterAll(() => storefront?.stop());

describe.each(consumptions)('on $topic', ({ topic, consumer, producer, happen }) => {
  it('every kind of poison alone is parked as it came, and what comes after it is applied', async () => {
    for (const poison of poisonsFor(topic, 'alone')) await deliver(consumer, topic, [poison]);
    await nothingElseHappened();
    await call('PUT', '/accounts/customers/after', customerBody(topic));
    await storefront.settled({ lanes: lanes() });
  });

  it('every kind of poison in a full batch is parked, and all the others are applied once', async () => {
    const poisons = poisonsFor(topic, 'batch');
    const ends = await storefront.topics.ends([topic]);
    await storefront.terminate(consumer);
    await happen(BATCH - poisons.length);
    await eventually(
      () => counted(storefront, producer, 'outbox_pending_events'),
      (pending) => pending === 0,
    );
    const told = [...firstAppearances(await storefront.topics.read(topic)).values()].flat().filter(isAfter(ends));
    expect(told).toHaveLength(BATCH - poisons.length);
    // as one batch, newly told: from here on the consumer reads
    const reading = await storefront.topics.ends([topic]);
    await deliver(consumer, topic, poisons, told);
    await storefront.topics.moveGroup(consumer, reading);
    // it must not go back to what is delivered again
    await storefront.stores.forgetOffsets(consumer);
    await storefront.restart(consumer);
    const tookMs = await storefront.settled({ lanes: lanes() });
    await nothingElseHappened();
    expect(await outcomes(consumer, topic)).toEqual({
      applied: told.length,
      duplicate: 0,
      ignored: 0,
      parked: poisons.length,
    });
    report(
      `${poisons.length} poison records in a batch of ${BATCH} on ${topic}`,
      `parked; ${told.length} applied once, settled after ${tookMs} ms`,
    );
  });

  it('says so in its metrics and its log', async () => {
    const ours = expected.filter((one) => one.topic === topic);
    const count = new Set(ours.map(({ lane }) => lane)).size;
    await eventually(
      () => counted(storefront, consumer, 'parked_lanes', { topic }),
      (parkedLanes) => parkedLanes === count,
    );
    const log = storefront.log(consumer);
    for (const { lane } of ours) expect(log).toContain(`in ${lane}: `);
  });
});

/** Sends the records as one batch, the poison spread over it, and notes what must become of it. */
async function deliver(
  consumer: 'orders' | 'fulfillment',
  topic: TopicName,
  poisons: readonly Poison[],
  others: readonly TopicRecord[] = [],
): Promise<void> {
  const [end] = (await storefront.topics.ends([topic])).filter(({ partition }) => partition === 0);
  const messages: Message[] = others.map((record) => ({ ...again(record), partition: 0 }));
  const step = Math.ceil((others.length + poisons.length) / poisons.length);
  for (const [index, { message }] of poisons.entries()) messages.splice(index * step, 0, { ...message, partition: 0 });
  await storefront.topics.send(topic, messages);
  for (const [index, { aggregate, message }] of poisons.entries()) {
    const alone = `${topic}:0:${Number(end?.offset) + index * step}`;
    const lane = aggregate === undefined ? alone : `${topic}|${aggregate}`;
    expected.push({ consumer, topic, lane, bytes: parkedOf(lane, message) });
  }
}

/** Exactly the poison is parked, byte by byte; everything else is where it belongs. */
async function nothingElseHappened(): Promise<void> {
  for (const service of ['orders', 'fulfillment'] as const) {
    const wanted = expected.filter(({ consumer }) => consumer === service).map(({ bytes }) => bytes);
    const found = async () => (await storefront.stores.lanes(service).find().toArray()).flatMap(parkedIn);
    await eventually(found, (parked) => parked.length >= wanted.length);
    expect((await found()).toSorted()).toEqual(wanted.toSorted());
  }
  await storefront.settled({ lanes: lanes() });
}

function lanes(): string[] {
  return expected.map(({ lane }) => lane);
}

async function registerCustomers(count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `customer-${index}`);
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop())
        await call('PUT', `/accounts/customers/${id}`, customerBody(id));
    }),
  );
}

/** Every customer of the batch before has one order to be fulfilled among his sample orders. */
async function requestFulfillments(): Promise<void> {
  await call('DELETE', '/accounts/customers/after');
  await storefront.settled({ lanes: lanes() });
  await call('GET', '/orders/customers/sample/orders');
  await call('GET', '/orders/customers/sample/fulfill');
}

async function call(method: string, path: string, body?: object): Promise<void> {
  const { status, text } = await storefront.request(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
}

function isAfter(ends: readonly { partition: number; offset: string }[]): (record: TopicRecord) => boolean {
  const from = new Map(ends.map(({ partition, offset }) => [partition, Number(offset)]));
  return ({ partition, offset, headers }) => offset >= (from.get(partition) ?? 0) && headers.ce_id !== undefined;
}

async function outcomes(service: ServiceName, topic: TopicName): Promise<Record<string, number>> {
  const names = ['applied', 'duplicate', 'ignored', 'parked'];
  const counts = names.map((outcome) => counted(storefront, service, 'consumer_events_total', { topic, outcome }));
  const values = await Promise.all(counts);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
}
