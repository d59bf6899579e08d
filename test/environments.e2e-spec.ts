import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { sampleJourney } from '../scripts/sample-journey';
import { startSystem, type System } from '../scripts/system';
import { httpClient } from './http-client';
import { environmentOf } from './system/engines-apart';
import { Storefront } from './system/storefront';
import { Topics } from './system/topics';

const names = ['accounts.customer.change', 'orders.order.fulfill', 'fulfillment.order.change'];
const services = ['accounts', 'orders', 'fulfillment'] as const;
const prefix = 'uat-';
const loud = /^(consumer_gap_offsets|parked_lanes|parked_positions)\{[^}]*\} (?!0$)/m;

describe('an environment with prefixes beside one without, on one cluster', () => {
  let storefront: Storefront;
  let other: System;
  let dataDir: string;

  beforeAll(async () => {
    storefront = await Storefront.start();
    dataDir = mkdtempSync(join(tmpdir(), 'storefront-uat-'));
    const env = {
      ...environmentOf(dataDir, undefined),
      // the cluster is shared, the store is its own
      KAFKA_BROKERS: storefront.operations['KAFKA_BROKERS'],
      KAFKA_TOPIC_PREFIX: prefix,
      KAFKA_CONSUMER_GROUP_PREFIX: prefix,
    };
    other = await startSystem({ env, restart: false, silent: true });
  });

  afterAll(async () => {
    await other?.killAll();
    await storefront?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('takes nothing from it and gives nothing to it, from the first customer to the last status', async () => {
    const journeys = [storefront.gatewayUrl, other.urls.gateway].map((url) =>
      sampleJourney({ url, say: () => undefined, patienceMs: 120_000 }),
    );
    const both = await Promise.all(journeys);
    const [ours = [], theirs = []] = both.map((customers) => customers.map(({ id }) => id));
    expect([ours.length, theirs.length, shared(ours, theirs)]).toEqual([3, 3, []]);
    await storefront.settled();

    const topics = new Topics(storefront.operations['KAFKA_BROKERS'] ?? '');
    for (const name of names) {
      const [own, prefixed] = await Promise.all([name, `${prefix}${name}`].map(async (each) => topics.read(each)));
      const [ours, theirs] = [keysOf(own), keysOf(prefixed)];
      expect([name, ours.length > 0, ours.length]).toEqual([name, true, theirs.length]);
      expect([name, shared(ours, theirs)]).toEqual([name, []]);
    }
    await topics.close();

    for (const urls of [storefront.operations, other.urls]) {
      for (const service of services) {
        const url = 'accounts' in urls ? urls[service] : urls[`${service.toUpperCase()}_URL`];
        const request = httpClient(String(url));
        const metrics = await request('GET', '/actuator/prometheus');
        expect([service, metrics.status, loud.exec(metrics.text)?.[0]]).toEqual([service, 200, undefined]);
        expect((await request('GET', '/actuator/health')).status).toBe(200);
      }
    }
  });

  it('has groups and topics of its own names, and all of them stand at their ends', async () => {
    const kafka = new Kafka({ brokers: [storefront.operations['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
      const prefixed = groups.filter((each) => each.startsWith(prefix));
      expect(prefixed.toSorted()).toEqual([`${prefix}fulfillment`, `${prefix}orders`]);
      expect(groups).toEqual(expect.arrayContaining(['fulfillment', 'orders']));
      for (const group of prefixed) {
        const offsets = await admin.fetchOffsets({ groupId: group });
        expect(offsets.map(({ topic }) => topic).filter((topic) => !topic.startsWith(prefix))).toEqual([]);
      }
    } finally {
      await admin.disconnect();
    }
  });
});

function shared(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((each) => others.includes(each));
}

/** Each key once. */
function keysOf(records: readonly { readonly key: Buffer | null }[] = []): string[] {
  return [...new Set(records.map(({ key }) => String(key)))];
}
