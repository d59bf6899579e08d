import { services } from '../../system/engines-apart';
import type { Deed, Scenario } from '../scenario';
import { unless } from '../violation';

/** Services that start without their store wait for it; they do not die of it. */
export const storeAwayAtStart: Scenario = {
  name: 'store-away-at-start',
  family: 'store',
  about: 'services started 20 s before the store',
  plan() {
    const starts: Promise<void>[] = [];
    return {
      deeds: [
        {
          atMs: 0,
          what: 'stop all services, kill -9 the store, start the services',
          async do({ storefront }) {
            await Promise.all(services.map((service) => storefront.terminate(service)));
            await storefront.engines.kill('store');
            starts.push(...services.map((service) => storefront.restart(service)));
            for (const start of starts) start.catch(() => undefined);
          },
        },
        { atMs: 20_000, what: 'start the store', do: ({ storefront }) => storefront.engines.restart('store') },
        { atMs: 20_000, what: 'all are ready', do: () => Promise.all(starts) },
      ],
    };
  },
};

export const storeAwayLong: Scenario = {
  name: 'store-away-60-s',
  family: 'store',
  about: 'the store killed, and started after 60 s',
  plan: () => ({
    load: { workers: 4, pauseMs: 50 },
    deeds: [
      { atMs: 0, what: 'kill -9 the store', do: ({ storefront }) => storefront.engines.kill('store') },
      { atMs: 60_000, what: 'start the store', do: ({ storefront }) => storefront.engines.restart('store') },
    ],
  }),
};

/** Everything goes on, slowly; nothing is given up or done twice for it. */
export const storeSlow: Scenario = {
  name: 'store-slow',
  family: 'store',
  about: 'every operation of the store takes 2 s more',
  plan: () => ({
    load: { workers: 8, pauseMs: 20 },
    deeds: [
      {
        atMs: 1_000,
        what: 'every operation takes 2 s more',
        do({ storefront }) {
          for (const whom of services) storefront.engines.links[whom].store.slowDown(2_000);
        },
      },
      { atMs: 31_000, what: 'as fast as ever', do: ({ storefront }) => storefront.engines.heal() },
    ],
  }),
};

/** What became of a request whose connection broke is found out, not guessed. */
export const storeConnectionsCut: Scenario = {
  name: 'store-connections-cut',
  family: 'store',
  about: 'the connections of a service to its store cut, again and again',
  plan(chance) {
    const deeds: Deed[] = [];
    for (let atMs = 0; atMs < 20_000; atMs += chance.between(100, 1_000)) {
      const whom = chance.pick(services) ?? 'accounts';
      deeds.push({
        atMs,
        what: `${whom}'s connections to its store break`,
        do: ({ storefront }) => storefront.engines.links[whom].store.cut(),
      });
    }
    return { deeds };
  },
};

/** Answers that never come, on connections that look well. */
export const storeSilent: Scenario = {
  name: 'store-half-open',
  family: 'store',
  about: 'half-open connections between services and their store for 15 s',
  plan() {
    let before = 0;
    return {
      deeds: [
        {
          atMs: 1_000,
          what: 'connections to the store stay open, nothing comes through',
          do({ storefront, ledger }) {
            before = ledger.unanswered.length;
            for (const whom of services) storefront.engines.links[whom].store.silence();
          },
        },
        {
          atMs: 16_000,
          what: 'new connections work; those of before never will',
          do: ({ storefront }) => storefront.engines.heal({ halfOpenRemain: true }),
        },
      ],
      check: async ({ ledger }) => unless(ledger.unanswered.length > before, 'every request was answered'),
    };
  },
};
