import { customerChanges, EventHeaders, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import { ConfigResourceTypes } from 'kafkajs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storefront } from '../system/storefront';
import { firstAppearances, type TopicRecord, versionOf } from '../system/topic-records';

interface RecordedMessage {
  topic: string;
  value: string;
}

/** One run of the original services. */
const recorded = readFileSync(join(__dirname, '../recorded/messages.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedMessage);
const recordedOn = (topic: { name: string }) => recorded.filter((message) => message.topic === topic.name);

const script = [
  '/accounts/customers/sample',
  '/orders/customers/sample/orders',
  '/orders/customers/sample/fulfill',
  '/fulfillment/fulfillments/sample/process',
  '/fulfillment/fulfillments/sample/ship',
  '/fulfillment/fulfillments/sample/in-transit',
  '/fulfillment/fulfillments/sample/receive',
];

const topics = [
  { topic: customerChanges, types: ['storefront.customer.changed', 'storefront.customer.deleted'] },
  { topic: fulfillmentRequests, types: ['storefront.order.fulfillment-requested'] },
  { topic: orderStatusChanges, types: ['storefront.order.status-changed'] },
];

/** After the original's script, and the deletion of one of its customers. */
export function ourMessages(started: () => Storefront): void {
  let storefront: Storefront;
  const records = new Map<string, TopicRecord[]>();
  const on = (topic: { name: string }) => records.get(topic.name) ?? [];
  const valuesOn = (topic: { name: string }) => on(topic).flatMap(({ value }) => (value ? [value.toString()] : []));

  beforeAll(async () => {
    storefront = started();
    for (const path of script) {
      await storefront.request('GET', path);
      await storefront.settled();
    }
    const [john] = await storefront.stores.customers.find().toArray();
    await storefront.request('DELETE', `/accounts/customers/${String(john?._id)}`);
    await storefront.settled();
    for (const { topic } of topics) records.set(topic.name, await storefront.topics.read(topic.name));
  });

  it('are as many records as things happened', () => {
    expect(topics.map(({ topic }) => on(topic).length)).toEqual([4, 3, 12]);
  });

  it('are the customers byte by byte as the original told them, but for their ids', () => {
    const withoutId = (value: string) => value.replace(/^\{"id":"[0-9a-f]{24}"/, '{"id":"…"');
    const originals = recordedOn(customerChanges).map(({ value }) => withoutId(value));
    expect(valuesOn(customerChanges).map(withoutId).toSorted()).toEqual(originals.toSorted());
  });

  it.each(topics)('have the fields of the original, in its order and of its types: $topic.name', ({ topic }) => {
    const shapes = new Set(recordedOn(topic).map(({ value }) => shapeOf(JSON.parse(value))));
    const ours = valuesOn(topic).map((value) => shapeOf(JSON.parse(value)));
    expect(ours.filter((shape) => !shapes.has(shape))).toEqual([]);
    expect(ours.length).toBeGreaterThan(0);
  });

  it.each(topics)('carry the headers of the contract and no others: $topic.name', ({ topic, types }) => {
    for (const record of on(topic)) {
      const headers = Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, String(value)]));
      expect(EventHeaders.omit({ ce_resent: true }).strict().required().parse(headers)).toMatchObject({
        ce_source: topic.source,
        ce_type: record.value === null ? types[1] : types[0],
        ce_subject: String(record.key),
      });
      const inside = record.value && topic.aggregateId(JSON.parse(record.value.toString()));
      expect(inside ?? String(record.key)).toBe(String(record.key));
    }
    const ids = on(topic).map(({ headers }) => String(headers.ce_id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(topics)(
    'are in order: a key in one partition, every version after the one it names: $topic.name',
    ({ topic }) => {
      for (const [key, versions] of firstAppearances(on(topic))) {
        expect([key, new Set(versions.map(({ partition }) => partition)).size]).toEqual([key, 1]);
        const previous = versions.map(({ headers }) => Number(headers.ce_previousversion));
        expect(previous).toEqual([0, ...versions.slice(0, -1).map(versionOf)]);
      }
    },
  );

  it('tell every step of every order, in order', () => {
    const steps = [...firstAppearances(on(orderStatusChanges)).values()].map((versions) =>
      versions.map(({ value }) => {
        const change = JSON.parse(String(value)) as { orderStatusEvent: { orderStatusType: string } };
        return change.orderStatusEvent.orderStatusType;
      }),
    );
    expect(steps).toEqual(Array.from({ length: 3 }, () => ['PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED']));
  });

  it('have no card number in them', () => {
    const everything = [...records.values()]
      .flat()
      .map(({ value, headers }) => `${String(value)}${JSON.stringify(headers)}`);
    expect(everything.join('\n')).not.toMatch(/card|\d{4}-\d{4}-\d{4}-\d{4}/i);
  });

  it('stand on topics of 3 partitions that keep what the contract says', async () => {
    const found = await storefront.topics.admin(async (admin) => {
      const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic.name) });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map(({ topic }) => ({
          type: ConfigResourceTypes.TOPIC,
          name: topic.name,
          configNames: ['retention.ms', 'cleanup.policy'],
        })),
      });
      return topics.map(({ topic }) => [
        metadata.topics.find(({ name }) => name === topic.name)?.partitions.length,
        ...(resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [])
          .toSorted((a, b) => a.configName.localeCompare(b.configName))
          .map(({ configValue }) => configValue),
      ]);
    });
    const thirtyDays = String(30 * 24 * 60 * 60 * 1000);
    expect(found).toEqual([
      [3, 'delete', '-1'],
      [3, 'delete', thirtyDays],
      [3, 'delete', thirtyDays],
    ]);
  });
}

/** Names in their order and types of values; the elements of a list have one shape, texts may be null where it is one. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join('|')}]`;
  if (typeof value !== 'object' || value === null)
    return value === null || typeof value === 'string' ? 'text' : typeof value;
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}:${shapeOf(member)}`)
    .join()}}`;
}
