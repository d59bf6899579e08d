import { eventually } from '../../eventually';
import { unpublished } from '../../system/differences';
import { counted } from '../../system/metrics';
import type { Storefront } from '../../system/storefront';
import { again, type TopicRecord } from '../../system/topic-records';
import { type Position } from '../../system/topics';
import type { Scenario } from '../scenario';
import type { Seeded } from '../seeded';
import { unless } from '../violation';

const topics = ['accounts.customer.change', 'fulfillment.order.change'] as const;

/** What really happened while Orders was away reaches it in any order, and only in that order. */
export const shuffledWithinAKey: Scenario = {
  name: 'shuffled-within-a-key',
  family: 'data',
  about: 'what was written while Orders was away is delivered to it shuffled, older versions after newer ones',
  plan(chance) {
    let ends: Position[] = [];
    let shuffled = 0;
    return {
      deeds: [
        {
          atMs: 4_000,
          what: 'Orders is stopped',
          do: async ({ storefront }) => {
            ends = await storefront.topics.ends(topics);
            await storefront.terminate('orders');
          },
        },
        {
          atMs: 9_000,
          what: 'clients pause, and Orders gets it all shuffled',
          do: async ({ storefront, load }) => {
            await load?.stop();
            await published(storefront);
            const late = (await Promise.all(topics.map((topic) => storefront.topics.read(topic)))).flat();
            const records = late.filter(isAfter(ends));
            const start = await storefront.topics.ends(topics);
            const oldest = oldestOfEveryKey(records);
            const mixed = mix(
              records.filter((record) => !oldest.has(record)),
              chance,
            );
            shuffled = overtaken([...mixed, ...oldest]);
            await deliver(storefront, mixed);
            await storefront.topics.moveGroup('orders', start);
            // what is behind the group now comes in another order: it must not go back to it
            await storefront.stores.forgetOffsets('orders');
            await storefront.restart('orders');
            // not in one batch with the others: there they would be put in order
            await eventually(
              () => storefront.lag(),
              (lines) => lines.length === 0,
            );
            await deliver(storefront, [...oldest]);
            load?.start();
          },
        },
      ],
      check: async ({ storefront }) => {
        const parked = await counted(storefront, 'orders', 'consumer_events_total', { outcome: 'parked' });
        const dropped = await counted(storefront, 'orders', 'consumer_events_total', { outcome: 'duplicate' });
        const seen = `${shuffled} overtaken, ${parked} had to wait, ${dropped} came too late`;
        return unless(shuffled > 10 && parked + dropped > 0, seen, 'harness');
      },
    };
  },
};

function isAfter(ends: readonly Position[]): (record: TopicRecord) => boolean {
  const from = new Map(ends.map(({ topic, partition, offset }) => [`${topic} ${partition}`, Number(offset)]));
  return ({ topic, partition, offset }) => offset >= (from.get(`${topic} ${partition}`) ?? 0);
}

/** Fisher and Yates. */
function mix(records: readonly TopicRecord[], chance: Seeded): TopicRecord[] {
  const mixed = [...records];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = chance.below(last + 1);
    const [a, b] = [mixed[last], mixed[other]];
    if (a && b) [mixed[last], mixed[other]] = [b, a];
  }
  return mixed;
}

/** Of the keys that have a later one. */
function oldestOfEveryKey(records: readonly TopicRecord[]): Set<TopicRecord> {
  const keys = Map.groupBy(records, ({ topic, key }) => `${topic} ${String(key)}`);
  return new Set([...keys.values()].flatMap((all) => (all.length > 1 ? all.slice(0, 1) : [])));
}

async function deliver(storefront: Storefront, records: readonly TopicRecord[]): Promise<void> {
  for (const [topic, of] of Map.groupBy(records, (record) => record.topic)) {
    await storefront.topics.send(topic, of.map(again));
  }
}

/** Records that come after a later one of their key. */
function overtaken(records: readonly TopicRecord[]): number {
  const newest = new Map<string, number>();
  return records.filter(({ key, offset }) => {
    const before = newest.get(String(key)) ?? -1;
    newest.set(String(key), Math.max(before, offset));
    return offset < before;
  }).length;
}

async function published(storefront: Storefront): Promise<void> {
  await eventually(
    () => unpublished(storefront.stores),
    (waiting) => waiting.length === 0,
    30_000,
  );
}
