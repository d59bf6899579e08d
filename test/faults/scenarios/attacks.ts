import type { Scenario } from '../scenario';
import { headerFloods } from './header-flood';

/** What somebody sends who wants to do harm, over Kafka and over HTTP. */
export const attackScenarios: readonly Scenario[] = [headerFloods];
