import type { Scenario } from '../scenario';
import { headerFloods } from './header-flood';
import { inflation } from './inflation';
import { poisonFlood } from './poison-flood';

/** What somebody sends who wants to do harm, over Kafka and over HTTP. */
export const attackScenarios: readonly Scenario[] = [headerFloods, inflation, poisonFlood];
