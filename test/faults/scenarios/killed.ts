import { services } from '../../system/engines-apart';
import { killedAgainAndAgain } from '../deeds';
import type { Scenario } from '../scenario';

export const servicesKilled: Scenario = {
  name: 'services-killed',
  family: 'killed',
  about: 'kill -9 of a random service every 2 to 5 s',
  plan: (chance) => ({
    deeds: killedAgainAndAgain(chance, { among: services, lastMs: 20_000, everyMs: [2_000, 5_000] }),
    load: { workers: 8 },
  }),
};
