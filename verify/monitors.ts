import { type LabelSelector, type Manifest, type Manifests, namespaceOf, specOf } from './manifests';
import type { Workload } from './pods';
import { services } from './services';

export interface Relabeling {
  readonly sourceLabels: readonly string[];
  readonly targetLabel: string;
  readonly regex?: string;
  readonly replacement?: string;
}

export interface PodMonitor {
  readonly selector: LabelSelector;
  readonly jobLabel: string;
  readonly podMetricsEndpoints: readonly {
    readonly port: string;
    readonly path: string;
    readonly relabelings?: readonly Relabeling[];
  }[];
}

/** Where Istio's agent shows a pod's metrics, its own and the service's, to whoever asks without mTLS. */
export const merged = { port: 15_020, path: '/stats/prometheus' } as const;

/** Everything that must be watched where there is a monitor of the services. */
const watched = [...services, 'gateway'];

/**
 * What a PodMonitor would make Prometheus do. Of the services' pods all are asked, at the one port that their STRICT mTLS leaves
 * open, with the job that the rules expect; of others the pods that are among the manifests have the port. Pods that an operator
 * makes (Strimzi's) are not among them and are not looked for.
 */
export function monitorFaults(manifest: Manifest, manifests: Manifests): string[] {
  const monitor = specOf<PodMonitor>(manifest);
  const pods = manifests.selected(namespaceOf(manifest), monitor.selector);
  const isOfServices = manifests.find('Deployment', namespaceOf(manifest), services[0]) !== undefined;
  if (!isOfServices) return pods.flatMap((pod) => askedAt(monitor, pod).flatMap(({ missing }) => missing ?? []));
  const names = pods.map(({ manifest: each }) => each.metadata.name);
  return [
    ...watched.filter((each) => !names.includes(each)).map((each) => `it does not watch ${each}`),
    ...(monitor.jobLabel === 'app' ? [] : [`the job is named by ${monitor.jobLabel}, not by app`]),
    ...pods.flatMap((pod) => {
      const { name } = pod.manifest.metadata;
      return podFaults(monitor, pod, watched.includes(name)).map((fault) => `${name}: ${fault}`);
    }),
  ];
}

/** A pod that nobody expects to be watched may lack the port: there is nothing to ask it then. */
function podFaults(monitor: PodMonitor, pod: Workload, isWatched: boolean): string[] {
  const { annotations } = pod;
  return askedAt(monitor, pod).flatMap(({ missing, port, path, own }) => {
    if (missing) return isWatched ? [missing] : [];
    return [
      ...(port === merged.port ? [] : [`it is asked at ${port}, where the mesh takes mTLS alone`]),
      ...(path === merged.path ? [] : [`the agent has no metrics at ${path}`]),
      ...Object.entries({ scrape: 'true', port: String(own), path: '/actuator/prometheus' }).flatMap(([key, value]) =>
        annotations[`prometheus.io/${key}`] === value
          ? []
          : [`prometheus.io/${key} is ${annotations[`prometheus.io/${key}`] ?? 'not there'}, not ${value}`],
      ),
    ];
  });
}

/** Where Prometheus comes by a monitor: pods among the manifests, and the ports at which they are asked. */
export function askedBy(manifest: Manifest, manifests: Manifests): { pod: Workload; port: number }[] {
  const monitor = specOf<PodMonitor>(manifest);
  return manifests
    .selected(namespaceOf(manifest), monitor.selector)
    .flatMap((pod) => askedAt(monitor, pod).flatMap(({ port }) => (port === undefined ? [] : [{ pod, port }])));
}

interface Asked {
  readonly missing?: string;
  readonly port?: number;
  readonly path?: string;
  /** The container's port that led there. */
  readonly own?: number;
}

function askedAt({ podMetricsEndpoints }: PodMonitor, { pod }: Workload): Asked[] {
  const ports = pod.containers.flatMap((each) => each.ports ?? []);
  return podMetricsEndpoints.map(({ port: name, path, relabelings = [] }) => {
    const own = ports.find((each) => each.name === name)?.containerPort;
    if (own === undefined) return { missing: `no container has a port ${name}` };
    const address = relabelings.reduce(relabelled, `10.0.0.1:${own}`);
    return { port: Number(address.split(':').at(-1)), path, own };
  });
}

/** As Prometheus replaces the address by parts of itself; other labels are not followed here. */
function relabelled(address: string, { sourceLabels, targetLabel, regex = '(.*)', replacement = '$1' }: Relabeling) {
  if (targetLabel !== '__address__' || sourceLabels.join() !== '__address__') return address;
  return address.replace(new RegExp(`^(?:${regex})$`), replacement);
}
