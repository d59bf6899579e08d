import { type Labels, type Manifest, namespaceOf, selects, specOf } from '../manifests';
import type { PodMonitor, Relabeling } from '../monitors';

/** A pod as Prometheus' discovery would find it. */
export interface FoundPod {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name?: string; readonly containerPort: number }[];
}

/**
 * The scrape configuration that the Prometheus operator makes of a PodMonitor, but for discovery, which Debian's Prometheus is
 * built without: the pods are written out with the labels that discovery would give them, and relabelling is left to Prometheus.
 */
export function scrapesOf(monitor: Manifest, pods: readonly FoundPod[]): object[] {
  const { selector, jobLabel, podMetricsEndpoints } = specOf<PodMonitor>(monitor);
  const namespace = namespaceOf(monitor);
  const selected = pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels));
  return podMetricsEndpoints.map(({ port: name, path, relabelings = [] }, index) => ({
    job_name: `podMonitor/${namespace}/${monitor.metadata.name}/${index}`,
    metrics_path: path,
    scrape_interval: '1s',
    static_configs: selected.flatMap((pod) =>
      pod.ports
        .filter((port) => port.name === name)
        .map((port) => ({ targets: [`${pod.address}:${port.containerPort}`], labels: metaOf(pod) })),
    ),
    relabel_configs: [
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { source_labels: [`__meta_kubernetes_pod_label_${safe(jobLabel)}`], regex: '(.+)', target_label: 'job' },
      ...relabelings.map(inPrometheusNames),
    ],
  }));
}

function metaOf({ name, namespace, labels }: FoundPod): Labels {
  const ofLabels = Object.entries(labels).map(([key, value]) => [`__meta_kubernetes_pod_label_${safe(key)}`, value]);
  return {
    __meta_kubernetes_namespace: namespace,
    __meta_kubernetes_pod_name: name,
    ...(Object.fromEntries(ofLabels) as Labels),
  };
}

const safe = (label: string) => label.replaceAll(/\W/g, '_');

/** `sourceLabels` of Kubernetes is `source_labels` of Prometheus. */
function inPrometheusNames(relabeling: Relabeling): object {
  const names = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(relabeling).map(([key, value]) => [names(key), value]));
}
