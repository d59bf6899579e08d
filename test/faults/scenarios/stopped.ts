import { services } from '../../system/engines-apart';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

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
