import type { Scenario } from '../scenario';
import { headerFloods } from './header-flood';
import { hostileRequests } from './hostile-requests';
import { inflation } from './inflation';
import { poisonFlood } from './poison-flood';
import { stalledReaders } from './stalled-readers';
import { tricklingBodies } from './trickling-bodies';

/** What somebody sends who wants to do harm, over Kafka and over HTTP. */
export const attackScenarios: readonly Scenario[] = [
  headerFloods,
  inflation,
  poisonFlood,
  tricklingBodies,
  stalledReaders,
  hostileRequests,
];
