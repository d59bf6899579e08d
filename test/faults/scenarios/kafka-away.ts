import { services } from '../../system/engines-apart';
import type { Deed, Scenario } from '../scenario';
import { unless } from '../violation';

const AWAY_AT_START_MS = 90_000;

/** Services that start without Kafka serve, keep what they are told, and tell it when Kafka is there. */
export const kafkaAwayAtStart: Scenario = {
  name: 'kafka-away-at-start',
  family: 'kafka',
  about: 'services started 90 s before Kafka',
  plan: () => ({
    load: { workers: 4, pauseMs: 100 },
    deeds: [
      {
        atMs: 0,
        what: 'stop all services, kill -9 Kafka, start the services',
        async do({ storefront }) {
          await Promise.all(services.map((service) => storefront.terminate(service)));
          await storefront.engines.kill('kafka');
          await Promise.all(services.map((service) => storefront.restart(service)));
        },
      },
      { atMs: AWAY_AT_START_MS, what: 'start Kafka', do: ({ storefront }) => storefront.engines.restart('kafka') },
    ],
  }),
};

/** Kafka that comes and goes before anybody has got used to it. */
export const kafkaFlapping: Scenario = {
  name: 'kafka-flapping',
  family: 'kafka',
  about: 'Kafka killed twice in a row, and unreachable for a moment again and again',
  plan(chance) {
    const deeds: Deed[] = [0, 1].flatMap((round): Deed[] => [
      { atMs: round * 9_000, what: 'kill -9 Kafka', do: ({ storefront }) => storefront.engines.kill('kafka') },
      {
        atMs: round * 9_000 + chance.between(500, 3_000),
        what: 'start Kafka',
        do: ({ storefront }) => storefront.engines.restart('kafka'),
      },
    ]);
    for (let atMs = 20_000; atMs < 32_000; atMs += chance.between(1_000, 2_500)) {
      const whom = chance.pick(services) ?? 'orders';
      const awayMs = chance.between(200, 900);
      deeds.push(
        {
          atMs,
          what: `${whom} does not reach Kafka`,
          do: ({ storefront }) => storefront.engines.links[whom].kafka.refuse(),
        },
        {
          atMs: atMs + awayMs,
          what: `${whom} reaches it again`,
          do: ({ storefront }) => storefront.engines.links[whom].kafka.heal(),
        },
      );
    }
    return { deeds };
  },
};

/** Kafka has what the publisher believes was not taken: it is told again, and applied once. */
export const produceResponsesLost: Scenario = {
  name: 'produce-responses-lost',
  family: 'kafka',
  about: 'Kafka appends, its answer is lost, the connection breaks; again and again for each service',
  plan(chance) {
    const deeds: Deed[] = [];
    const before = new Map<string, number>();
    for (let atMs = 0; atMs < 15_000; atMs += chance.between(300, 1_200)) {
      const whom = chance.pick(services) ?? 'accounts';
      const count = chance.between(1, 3);
      deeds.push({
        atMs,
        what: `the next ${count} produce answers to ${whom} are lost`,
        do({ storefront }) {
          const { kafka } = storefront.engines.links[whom];
          if (!before.has(whom)) before.set(whom, kafka.lost);
          kafka.loseProduceResponses(count);
        },
      });
    }
    return {
      deeds,
      async check({ storefront }) {
        const { links } = storefront.engines;
        return [...before].flatMap(([whom, lost]) =>
          unless(links[whom as keyof typeof links].kafka.lost > lost, `no answer to ${whom} was lost`),
        );
      },
    };
  },
};

/** A network that is slow, then one on which nothing arrives although every connection is open. */
export const kafkaSlowAndSilent: Scenario = {
  name: 'kafka-slow-and-half-open',
  family: 'kafka',
  about: 'between services and Kafka first 0.3 to 1.5 s of latency, then half-open connections for 20 s',
  plan(chance) {
    const slow = services.map((whom) => ({ whom, delayMs: chance.between(300, 1_500) }));
    return {
      load: { workers: 4, pauseMs: 50 },
      deeds: [
        {
          atMs: 0,
          what: slow.map(({ whom, delayMs }) => `${whom} to Kafka takes ${delayMs} ms`).join(', '),
          do({ storefront }) {
            for (const { whom, delayMs } of slow) storefront.engines.links[whom].kafka.slowDown(delayMs);
          },
        },
        {
          atMs: 10_000,
          what: 'connections to Kafka stay open, nothing comes through',
          do({ storefront }) {
            storefront.engines.heal();
            for (const whom of services) storefront.engines.links[whom].kafka.silence();
          },
        },
        {
          atMs: 30_000,
          what: 'new connections work; those of before never will',
          do: ({ storefront }) => storefront.engines.heal({ halfOpenRemain: true }),
        },
      ],
    };
  },
};

const groups = {
  orders: ['accounts.customer.change', 'fulfillment.order.change'],
  fulfillment: ['orders.order.fulfill'],
};

/** A member that joins and leaves, and takes partitions with it while it is there. */
export const rebalanceStorm: Scenario = {
  name: 'rebalance-storm',
  family: 'kafka',
  about: 'a foreign member joins both groups and leaves them every 3 s, applying and committing nothing',
  plan(chance) {
    let visits = 0;
    const stays = Array.from({ length: 8 }, () => chance.between(800, 2_000));
    return {
      deeds: stays.map((stayMs, index) => ({
        atMs: index * 3_000,
        what: `a stranger joins both groups for ${stayMs} ms`,
        async do({ storefront }) {
          const asked = Object.entries(groups).map(([group, topics]) => storefront.topics.visit(group, topics, stayMs));
          visits += (await Promise.all(asked)).filter(Boolean).length;
        },
      })),
      check: async () => unless(visits >= stays.length, `the stranger was let in only ${visits} times`),
    };
  },
};
