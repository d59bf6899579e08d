import { addressFaults } from './addresses';
import { environmentFaults } from './environments';
import { firstRouteFaults } from './first-routes';
import { kafkaFaults, strimziSetup } from './kafka-rights';
import type { Manifests } from './manifests';
import { meshFaults } from './mesh';
import { networkPolicyFaults } from './network-policies';
import { loginFaults } from './passwords';
import { policyFaults } from './policies';
import { referenceFaults } from './references';
import { edgeFaults } from './routes';
import { scalingFaults } from './scaling';
import { shapeFaults } from './shapes/shape-faults';
import { siblingFaults } from './siblings';
import { mongoFaults } from './mongo';
import { strimziFaults } from './strimzi';
import { userInterfaceFaults } from './user-interfaces';
import { wayFaults } from './ways';
import { wiringFaults } from './wiring';
import { workloadFaults } from './workloads';

/** All that is wrong with the manifests of one place; `shapes` are the Secrets that a person makes there. */
export function placeFaults(manifests: Manifests, shapes: Manifests): string[] {
  const hasStrimzi = manifests.of('Kafka').length > 0;
  return [
    ...shapeFaults(manifests),
    ...siblingFaults(manifests),
    ...policyFaults(manifests),
    ...workloadFaults(manifests, shapes),
    ...referenceFaults(manifests, shapes),
    ...wiringFaults(manifests),
    ...scalingFaults(manifests, shapes),
    ...networkPolicyFaults(manifests),
    ...wayFaults(manifests, shapes),
    ...addressFaults(manifests, shapes),
    ...edgeFaults(manifests),
    ...firstRouteFaults(manifests),
    ...meshFaults(manifests),
    ...environmentFaults(manifests, shapes),
    ...loginFaults(manifests, shapes),
    ...strimziFaults(manifests),
    ...mongoFaults(manifests, shapes),
    ...userInterfaceFaults(manifests),
    ...(hasStrimzi ? kafkaFaults(strimziSetup(manifests)) : []),
  ];
}
