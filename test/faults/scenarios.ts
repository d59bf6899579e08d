import type { Scenario } from './scenario';
import { attackScenarios } from './scenarios/attacks';
import { dataScenarios } from './scenarios/data';
import { kafkaKilled, storeKilled } from './scenarios/engines-killed';
import { consumersFrozen } from './scenarios/frozen';
import { twoInstancesFrozen, twoInstancesKilled } from './scenarios/instances';
import {
  kafkaAwayAtStart,
  kafkaFlapping,
  kafkaSlowAndSilent,
  produceResponsesLost,
  rebalanceStorm,
} from './scenarios/kafka-away';
import { servicesKilled } from './scenarios/killed';
import { killedAtParking, killedAtSteps } from './scenarios/killed-at-steps';
import { rollingTwins } from './scenarios/rolling-twins';
import { rollingRestart, servicesStopped } from './scenarios/stopped';
import { topicsTruncated } from './scenarios/topics-truncated';
import { storeAwayAtStart, storeAwayLong, storeConnectionsCut, storeSilent, storeSlow } from './scenarios/store-away';

/** The whole fault suite; those of a family that need the same system stand together and share it. */
export const scenarios: readonly Scenario[] = [
  ...killedAtSteps,
  killedAtParking,
  servicesKilled,
  servicesStopped,
  rollingRestart,
  consumersFrozen,
  kafkaKilled,
  kafkaFlapping,
  produceResponsesLost,
  kafkaSlowAndSilent,
  rebalanceStorm,
  topicsTruncated,
  kafkaAwayAtStart,
  storeKilled,
  storeConnectionsCut,
  storeSlow,
  storeSilent,
  storeAwayAtStart,
  storeAwayLong,
  twoInstancesKilled,
  twoInstancesFrozen,
  rollingTwins,
  ...dataScenarios,
  ...attackScenarios,
];

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`${name} is none of ${scenarios.map((scenario) => scenario.name).join(', ')}.`);
  return found;
}
