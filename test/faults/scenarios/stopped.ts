import { services } from '../../system/engines-apart';
import type { Scenario } from '../scenario';
import { unless, violations } from '../violation';

const STOP_LIMIT_MS = 15_000;

/** SIGTERM while requests are open and batches are worked off. */
export const servicesStopped: Scenario = {
  name: 'services-stopped',
  family: 'stopped',
  about: 'SIGTERM to all services at once, in open requests and batches',
  plan: (chance) => ({
    load: { workers: 8, pauseMs: 10 },
    deeds: [
      {
        atMs: chance.between(500, 2_500),
        what: 'SIGTERM to all, then start all',
        async do(run) {
          const { storefront } = run;
          const ends = await Promise.all(services.map((service) => storefront.terminate(service)));
          for (const [index, { how, tookMs }] of ends.entries()) {
            const isClean = how === 'exit code 0' && tookMs < STOP_LIMIT_MS;
            run.violated(...unless(isClean, `${services[index]} ended with ${how} after ${tookMs} ms`));
          }
          await Promise.all(services.map((service) => storefront.restart(service)));
        },
      },
    ],
  }),
};

/** Through the gateway a restart is a success, a legitimate refusal, or a 503 that says when to come again and did nothing. */
export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  family: 'stopped',
  about: 'all services stopped and started one after the other, twice; a 503 must not have been applied',
  plan(chance) {
    const order = [...services, ...services].map((whom) => ({ whom, pauseMs: chance.between(0, 1_500) }));
    return {
      load: { workers: 8, pauseMs: 10 },
      deeds: order.map(({ whom, pauseMs }, index) => ({
        atMs: index * 3_000 + pauseMs,
        what: `SIGTERM to ${whom}, then start it`,
        async do(run) {
          const { how, tookMs } = await run.storefront.terminate(whom);
          const isClean = how === 'exit code 0' && tookMs < STOP_LIMIT_MS;
          run.violated(...unless(isClean, `${whom} ended with ${how} after ${tookMs} ms`));
          await run.storefront.restart(whom);
        },
      })),
      async check({ ledger, storefront }) {
        const open = ledger.unanswered.filter(({ status }) => status !== 503);
        const texts = open.map(({ request, status, text }) => `${request}: ${status ?? 'nothing'} ${text}`);
        return [...violations('dishonest', texts), ...(await ledger.appliedUnanswered(storefront.stores))];
      },
    };
  },
};
