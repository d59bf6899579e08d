import { type LabelSelector, type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { merged } from './monitors';
import { strimziPorts } from './strimzi-pods';

export interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly port: number;
  readonly endPort?: number;
  readonly protocol?: string;
}

export interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

export interface Policy {
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

export const gatewayName = 'gateway.networking.k8s.io/gateway-name';
export const namespaceName = 'kubernetes.io/metadata.name';
/** Namespaces that others make. */
const known = ['kube-system', 'istio-system', 'monitoring', 'keda'];
const proxyMetrics = merged.port;
/** Where load balancers ask Istio's gateway how it is. */
const gatewayHealth = 15_021;

/** Policies that mean nobody, and pods that no policy means. */
export function networkPolicyFaults(manifests: Manifests): string[] {
  return [
    ...manifests.workloads().flatMap(({ manifest }) => openFaults(manifest, manifests)),
    ...manifests
      .of('NetworkPolicy')
      .flatMap((each) => policyFaults(each, manifests).map((fault) => `${nameOf(each)}: ${fault}`)),
  ];
}

/** Where pods are, nothing is open that no rule opens. */
function openFaults(workload: Manifest, manifests: Manifests): string[] {
  const isDenied = manifests.of('NetworkPolicy').some((each) => {
    const { podSelector, policyTypes } = specOf<Policy>(each);
    const meansAll = Object.keys(podSelector).length === 0 && namespaceOf(each) === namespaceOf(workload);
    return meansAll && policyTypes.includes('Ingress') && policyTypes.includes('Egress');
  });
  return isDenied ? [] : [`${nameOf(workload)}: no NetworkPolicy closes what nobody opens`];
}

function policyFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { podSelector, policyTypes, ingress = [], egress = [] } = specOf<Policy>(manifest);
  const namespace = namespaceOf(manifest);
  const ports = portsBehind(podSelector, namespace, manifests);
  const peers = [...ingress, ...egress].flatMap(({ from = [], to = [] }) => [...from, ...to]);
  return [
    ...(ports ? [] : ['it selects no pod']),
    ...(ingress.length > 0 && !policyTypes.includes('Ingress') ? ['its ingress is not among its policyTypes'] : []),
    ...(egress.length > 0 && !policyTypes.includes('Egress') ? ['its egress is not among its policyTypes'] : []),
    ...peers.flatMap((peer) => peerFaults(peer, namespace, manifests)),
    ...ingress
      .flatMap((rule) => rule.ports ?? [])
      .flatMap(({ port }) => (!ports || ports.has(port) ? [] : [`none of its pods listens at ${port}`])),
  ];
}

/** Of the pods that are selected, a gateway's among them; undefined if there are none. */
function portsBehind(selector: LabelSelector, namespace: string, manifests: Manifests): Set<number> | undefined {
  const gateway = manifests.find('Gateway', namespace, selector.matchLabels?.[gatewayName] ?? '');
  if (gateway) {
    const { listeners = [] } = specOf<{ listeners?: { port: number }[] }>(gateway);
    return new Set([...listeners.map(({ port }) => port), proxyMetrics, gatewayHealth]);
  }
  const made = strimziPorts(selector, namespace, manifests);
  if (made && Object.keys(selector).length > 0) return new Set(made);
  const pods = manifests.selected(namespace, selector);
  const ports = pods.flatMap(({ pod }) => pod.containers.flatMap((each) => each.ports ?? []));
  return pods.length > 0 ? new Set([...ports.map(({ containerPort }) => containerPort), proxyMetrics]) : undefined;
}

function peerFaults({ podSelector, namespaceSelector }: Peer, namespace: string, manifests: Manifests): string[] {
  const name = namespaceSelector?.matchLabels?.[namespaceName];
  const namespaces = [...manifests.of('Namespace').map(({ metadata }) => metadata.name), ...known];
  if (namespaceSelector && !namespaces.includes(name ?? '')) return [`no namespace ${name ?? 'is named'}`];
  // somebody in a namespace of the place is looked up there; who is in others' is not known here
  const isTheirs = namespaceSelector !== undefined && known.includes(name ?? '');
  if (namespaceSelector && podSelector && !isTheirs) return peerFaults({ podSelector }, name ?? '', manifests);
  if (!podSelector || namespaceSelector || isEdgeOfOther(podSelector, namespace, manifests)) return [];
  const values = podSelector.matchExpressions?.flatMap((each) => each.values ?? []) ?? [];
  const key = podSelector.matchExpressions?.[0]?.key ?? '';
  const missing = values.filter((value) => !portsBehind({ matchLabels: { [key]: value } }, namespace, manifests));
  if (missing.length > 0) return [`no pod is ${missing.join(', ')}`];
  return portsBehind(podSelector, namespace, manifests)
    ? []
    : [`nobody is ${JSON.stringify(podSelector.matchLabels ?? {})}`];
}

/** The base lets a Gateway in that only one style of edge has; the other one's is in a namespace of its own. */
function isEdgeOfOther({ matchLabels }: LabelSelector, namespace: string, manifests: Manifests): boolean {
  const gateways = manifests.of('Gateway').filter((each) => namespaceOf(each) === namespace);
  return (
    matchLabels?.[gatewayName] === gateways[0]?.metadata.name ||
    (matchLabels?.[gatewayName] !== undefined && gateways.length === 0)
  );
}
