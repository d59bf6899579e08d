import { type Service, services } from '../../system/engines-apart';
import type { FaultRun } from '../fault-run';
import { poisonsFor, type TopicName } from '../poison-records';
import type { Deed, Scenario } from '../scenario';
import type { Seeded } from '../seeded';
import { unless } from '../violation';

const consumers: readonly Service[] = ['orders', 'fulfillment'];

/** Where a process may die, who gets there, and what that means. */
const steps = {
  'document-written': { who: services, means: 'after the write, before publishing and before the answer' },
  'batch-acknowledged': { who: services, means: 'after Kafka acknowledged, before the outbox is cleared' },
  'outbox-cleared': { who: services, means: 'after the outbox is cleared' },
  'events-received': { who: consumers, means: 'with a batch in hand, before the write' },
  'events-applied': { who: consumers, means: 'after the write, before the offset' },
  'offsets-resolved': { who: consumers, means: 'after the offset is resolved, before it is committed' },
} as const;

/** kill -9 exactly there, one service after the other. */
export const killedAtSteps: readonly Scenario[] = Object.entries(steps).map(([step, { who, means }]) => ({
  name: `killed-at-${step}`,
  family: 'killed',
  about: `kill -9 of each service ${means}`,
  plan: (chance: Seeded) => ({
    deeds: who.map((whom): Deed => {
      const nth = chance.between(1, 12);
      return {
        atMs: 0,
        what: `${whom} dies at ${step}, the ${nth}. time it gets there, and is started again`,
        do: (run) => dieAt(run, { whom, step, nth }),
      };
    }),
  }),
}));

const topicOf: Record<string, TopicName> = { orders: 'accounts.customer.change', fulfillment: 'orders.order.fulfill' };

/** What cannot be applied is parked once, also when the process dies over it. */
export const killedAtParking: Scenario = {
  name: 'killed-at-events-parked',
  family: 'killed',
  about: 'kill -9 of each consumer after parking, before the offset',
  plan(chance) {
    const mark = `parking-${chance.below(1e9)}`;
    const lanes: string[] = [];
    return {
      deeds: consumers.map((whom) => ({
        atMs: 0,
        what: `two records for ${whom} that cannot be applied; it dies when they are parked, and is started again`,
        async do(run) {
          const topic = topicOf[whom] ?? 'accounts.customer.change';
          const poisons = poisonsFor(topic, mark).slice(0, 2);
          lanes.push(...poisons.map(({ aggregate }) => `${topic}|${aggregate}`));
          const offer = () =>
            run.storefront.topics.send(
              topic,
              poisons.map(({ message }) => ({ ...message, partition: 0 })),
            );
          await dieAt(run, { whom, step: 'events-parked', nth: 1, occasion: offer });
        },
      })),
      rest: () => ({ lanes }),
      async check({ storefront }) {
        const parked = (await storefront.stores.allLanes()).filter(({ _id }) => lanes.includes(_id));
        const counts = parked.map(({ _id, events }) => `${_id}: ${events.length}`).toSorted();
        const once = lanes.map((lane) => `${lane}: 1`).toSorted();
        return unless(counts.join() === once.join(), `parked ${counts.join()} instead of ${once.join()}`, 'duplicated');
      },
    };
  },
};

interface Death {
  readonly whom: Service;
  readonly step: string;
  readonly nth: number;
  readonly occasion?: () => Promise<unknown>;
}

async function dieAt(run: FaultRun, { whom, step, nth, occasion }: Death): Promise<void> {
  const { storefront } = run;
  const { dead } = await storefront.restartToDieAt(whom, step, nth);
  await occasion?.();
  const how = await dead;
  run.violated(...unless(how === 'SIGKILL', `${whom} ended with ${how} instead of dying at ${step}`));
  await storefront.restart(whom);
}
