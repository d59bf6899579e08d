import type { Labels, LabelSelector, Manifests } from './manifests';
import { namespaceOf, selects } from './manifests';

/** A pod that Strimzi makes of a Kafka object, or is: it is in no manifest, and policies mean it by its labels. */
export interface StrimziPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly number[];
  /** Where it goes, by the other one's name. */
  readonly calls: readonly (readonly [name: string, port: number])[];
}

/** The API server, wherever it is. */
export const apiServer = 'the API server';

/** Brokers copy from one another, operators and the exporter come in by the door that is Strimzi's own. */
export function strimziPods(manifests: Manifests): StrimziPod[] {
  return manifests.of('Kafka').flatMap((cluster) => {
    const { name } = cluster.metadata;
    const brokers = `${name}-kafka`;
    const pod = (its: string, labels: Labels, ports: readonly number[], ...calls: StrimziPod['calls']): StrimziPod => ({
      name: its,
      namespace: namespaceOf(cluster),
      labels,
      ports,
      calls,
    });
    const part = (its: string): Labels => ({ 'strimzi.io/cluster': name, 'strimzi.io/name': its });
    const [operators, exporter] = [`${name}-entity-operator`, `${name}-kafka-exporter`];
    return [
      pod(brokers, part(brokers), [8443, 9090, 9091, 9092, 9404], [brokers, 9090], [brokers, 9091]),
      pod(operators, part(operators), [8080], [brokers, 9091], [apiServer, 8443]),
      pod(exporter, part(exporter), [9404], [brokers, 9091]),
      pod(
        'strimzi-cluster-operator',
        { 'strimzi.io/kind': 'cluster-operator' },
        [8080],
        ...[9090, 9091, 8443].map((port) => [brokers, port] as const),
        [apiServer, 8443],
      ),
    ];
  });
}

/** The ports of those that a selector means; undefined where it means none of them. */
export function strimziPorts(
  selector: LabelSelector,
  namespace: string,
  manifests: Manifests,
): readonly number[] | undefined {
  const pods = strimziPods(manifests).filter((each) => each.namespace === namespace && selects(selector, each.labels));
  return pods.length > 0 ? pods.flatMap(({ ports }) => ports) : undefined;
}
