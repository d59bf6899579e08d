import { firstAppearances, header, type TopicRecord, versionOf } from '../system/topic-records';
import { type Topics } from '../system/topics';
import { byId, type Stores } from '../system/stores';
import type { Ledger } from './ledger';
import type { Violation } from './violation';

export const topicNames = ['accounts.customer.change', 'orders.order.fulfill', 'fulfillment.order.change'] as const;

/**
 * What the topics tell of the aggregates of a ledger: every event of every version, first appearances in order, never two
 * events for one version, and with what was acknowledged for it.
 */
export async function toldOnTopics(ledger: Ledger, { stores, topics }: Seen): Promise<Violation[]> {
  const [customers, orders, fulfillments] = await Promise.all([
    byId(stores.customers),
    byId(stores.orders),
    byId(stores.fulfillments),
  ]);
  const found: Violation[] = [];
  for (const topic of topicNames) {
    const byKey = Map.groupBy(await topics.read(topic), ({ key }) => String(key));
    const ids = topic.startsWith('accounts') ? ledger.customers : ledger.orders;
    for (const id of ids.keys()) {
      const records = byKey.get(id) ?? [];
      found.push(...sequenceFaults(`${topic} ${id}`, records));
    }
    const lastOf = (id: string) =>
      topic.startsWith('accounts')
        ? customers.get(id)?.version
        : (topic.startsWith('orders') ? orders : fulfillments).get(id)?.eventVersion;
    for (const id of ids.keys()) {
      const told = Math.max(0, ...(byKey.get(id) ?? []).map(versionOf));
      const last = lastOf(id) ?? 0;
      if (told !== last) {
        found.push({ kind: 'lost', text: `${topic} ${id}: the owner's last event is ${last}, the topic told ${told}` });
      }
    }
    if (topic.startsWith('accounts')) found.push(...contentFaults(ledger, byKey));
  }
  return found;
}

interface Seen {
  readonly stores: Stores;
  readonly topics: Topics;
}

/** Every event names the one before it: so the first appearances are a chain. */
function sequenceFaults(of: string, records: readonly TopicRecord[]): Violation[] {
  const found: Violation[] = [];
  const first = [...firstAppearances(records).values()].flat();
  const versions = first.map(versionOf);
  const sorted = versions.toSorted((a, b) => a - b);
  if (versions.join() !== sorted.join()) found.push({ kind: 'order', text: `${of}: told ${versions.join()}` });
  let before = 0;
  for (const record of first.toSorted((a, b) => versionOf(a) - versionOf(b))) {
    const previous = Number(header(record, 'ce_previousversion'));
    if (previous !== before) {
      const text = `${of}: version ${versionOf(record)} follows ${previous}, told was ${before}`;
      found.push({ kind: 'lost', text });
    }
    before = versionOf(record);
  }
  for (const [version, all] of Map.groupBy(records, versionOf)) {
    const ids = new Set(all.map((record) => header(record, 'ce_id')));
    if (ids.size > 1) found.push({ kind: 'duplicated', text: `${of}: version ${version} is ${ids.size} events` });
  }
  return found;
}

function contentFaults(ledger: Ledger, byKey: ReadonlyMap<string, TopicRecord[]>): Violation[] {
  return [...ledger.customers].flatMap(([id, { acknowledged }]) => {
    const told = new Map((byKey.get(id) ?? []).map((record) => [versionOf(record), emailIn(record)]));
    return acknowledged.flatMap(({ version, email }): Violation[] => {
      const said = told.get(version);
      if (said === undefined || said === email) return [];
      return [{ kind: 'lost', text: `customer ${id}: version ${version} was ${email}, the topic says ${said}` }];
    });
  });
}

function emailIn({ value }: TopicRecord): string | null {
  if (value === null) return null;
  return (JSON.parse(value.toString()) as { contact: { email: string } }).contact.email;
}
