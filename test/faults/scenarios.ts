import type { Scenario } from './scenario';
import { kafkaKilled, storeKilled } from './scenarios/engines-killed';
import { servicesKilled } from './scenarios/killed';
import { servicesStopped } from './scenarios/stopped';

/** The whole fault suite; those of a family that need the same system stand together and share it. */
export const scenarios: readonly Scenario[] = [servicesKilled, servicesStopped, kafkaKilled, storeKilled];

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`${name} is none of ${scenarios.map((scenario) => scenario.name).join(', ')}.`);
  return found;
}
