import { services } from '../../system/engines-apart';
import type { Deed, Scenario } from '../scenario';

const LAST_MS = 20_000;

/** kill -9 of a random service, again and again; the next one may die while the last one starts. */
export const servicesKilled: Scenario = {
  name: 'services-killed',
  family: 'killed',
  about: 'kill -9 of a random service every 2 to 5 s',
  plan(chance) {
    const deeds: Deed[] = [];
    const starts: Promise<void>[] = [];
    for (let atMs = 0; atMs < LAST_MS; atMs += chance.between(2_000, 5_000)) {
      const whom = chance.pick(services) ?? 'orders';
      deeds.push({
        atMs,
        what: `kill -9 ${whom}, started again at once`,
        async do({ storefront }) {
          await storefront.kill(whom);
          starts.push(storefront.restart(whom));
        },
      });
    }
    deeds.push({ atMs: LAST_MS, what: 'all are back', do: () => Promise.all(starts) });
    return { deeds, load: { workers: 8 } };
  },
};
