import { environmentFaults } from './environments';
import { kafkaFaults, scalerFaults, strimziSetup } from './kafka-rights';
import type { Manifests } from './manifests';
import { passwordFaults } from './passwords';
import { policyFaults } from './policies';
import { referenceFaults } from './references';
import { edgeFaults } from './routes';
import { wiringFaults } from './wiring';

/** All that is wrong with the manifests of one place; `shapes` are the Secrets that a person makes there. */
export function placeFaults(manifests: Manifests, shapes: Manifests): string[] {
  const hasStrimzi = manifests.of('Kafka').length > 0;
  return [
    ...policyFaults(manifests),
    ...referenceFaults(manifests, shapes),
    ...wiringFaults(manifests),
    ...edgeFaults(manifests),
    ...environmentFaults(manifests, shapes),
    ...(hasStrimzi ? kafkaFaults(strimziSetup(manifests)) : []),
    ...scalerFaults(manifests),
    ...passwordFaults(manifests, 'storefront'),
  ];
}
