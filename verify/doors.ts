import { BlockList, isIPv4 } from 'node:net';
import { type Labels, type LabelSelector, type Manifests, namespaceOf, selects, specOf } from './manifests';
import { gatewayName, namespaceName, type Peer, type Policy, type Rule } from './network-policies';
import type { Workload } from './pods';
import { routesOf } from './routes';
import { apiServer, strimziPods } from './strimzi-pods';

/** Who might call, or be called. */
export interface Actor {
  readonly name: string;
  /** Empty: outside the cluster. */
  readonly namespace: string;
  readonly labels: Labels;
  /** Where one might try. */
  readonly ports: readonly number[];
  readonly address?: string;
  readonly workload?: Workload;
}

/** Of the ports of all the world some, and those beside the ones that are open. */
const tried = [22, 25, 53, 80, 443, 8080, 9091, 9092, 9094, 9095, 9097, 9099, 15_010, 15_012, 27_014, 27_017, 27_018];

/** Names answered at the address of the Service itself, before it becomes a pod's. */
function dnsAt(address: string) {
  return { name: address, namespace: '', labels: {}, ports: [53], address };
}

export const outsiders = {
  internet: { name: 'the internet', namespace: '', labels: {}, ports: tried, address: '203.0.113.1' },
  // where Terraform's infra/eks-msk has them
  msk: { name: 'MSK', namespace: '', labels: {}, ports: [9092, 9094, 9096, 9098], address: '10.0.0.10' },
  atlas: { name: 'Atlas', namespace: '', labels: {}, ports: [27_015, 27_016, 27_017], address: '192.168.240.10' },
  apiServer: { name: apiServer, namespace: '', labels: {}, ports: [443, 8443], address: '192.168.49.2' },
  nodeDns: { name: 'the cache of names on the node', namespace: '', labels: {}, ports: [53], address: '169.254.20.10' },
  clusterDns: dnsAt('10.96.0.10'),
  eksDns: dnsAt('172.20.0.10'),
  eksOtherDns: dnsAt('10.100.0.10'),
  gkeDns: dnsAt('34.118.224.10'),
  podIdentity: { name: 'the pod identity agent', namespace: '', labels: {}, ports: [80], address: '169.254.170.23' },
} as const satisfies Readonly<Record<string, Actor>>;

/** Somebody in a namespace that others fill. */
export function somebodyIn(namespace: string): Actor {
  return { name: `a pod in ${namespace}`, namespace, labels: {}, ports: [80, 443, 8080, 15_010, 15_014] };
}

/** The pods of a place, those that operators make there, its edge, and who else is in its cluster. */
export function actorsOf(manifests: Manifests): Actor[] {
  const pods = manifests.workloads().map((workload): Actor => {
    const ports = workload.pod.containers.flatMap((each) => each.ports ?? []).map((each) => each.containerPort);
    const { name } = workload.manifest.metadata;
    return { name, namespace: namespaceOf(workload.manifest), labels: workload.labels, ports, workload };
  });
  const others = ['kube-system', 'istio-system', 'monitoring', 'keda', 'elsewhere'].map(somebodyIn);
  return [...pods, ...strimziPods(manifests), ...edgesOf(manifests), ...others, ...Object.values(outsiders)];
}

/** Istio runs a Gateway of the Gateway API where it is, and its own on the shared ingress gateway. */
export function edgesOf(manifests: Manifests): Actor[] {
  return manifests.of('Gateway').map((gateway): Actor => {
    const { listeners, selector = {} } = specOf<{ listeners?: { port: number }[]; selector?: Labels }>(gateway);
    if (!listeners) return { name: 'the edge', namespace: 'istio-system', labels: selector, ports: [80, 443] };
    const labels = { [gatewayName]: gateway.metadata.name };
    return { name: 'the edge', namespace: namespaceOf(gateway), labels, ports: listeners.map(({ port }) => port) };
  });
}

/** What NetworkPolicies make of the pods' ways in and out. */
export class Doors {
  constructor(private readonly manifests: Manifests) {}

  /** Whether any policy means somebody: a door that is not there is open. */
  has(door: Door, of: Actor): boolean {
    return this.rulesFor(door, of) !== undefined;
  }

  /** Whether somebody's door lets another one through. */
  letsThrough(door: Door, of: Actor, other: Actor, at: Entry): boolean {
    const rules = this.rulesFor(door, of);
    if (!rules) return true;
    return rules.some((rule) => {
      const peers = door === 'ingress' ? rule.from : rule.to;
      return opens(rule, at) && (peers?.some((peer) => means(peer, of.namespace, other)) ?? true);
    });
  }

  /** All rules of the policies that mean somebody; undefined if none does. */
  private rulesFor(door: Door, { namespace, labels }: Actor): Rule[] | undefined {
    const type = door === 'ingress' ? 'Ingress' : 'Egress';
    const policies = this.manifests
      .of('NetworkPolicy')
      .filter((each) => namespaceOf(each) === namespace)
      .map((each) => specOf<Policy>(each))
      .filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, labels));
    return policies.length > 0 ? policies.flatMap((policy) => policy[door] ?? []) : undefined;
  }
}

type Door = 'ingress' | 'egress';

export interface Entry {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

function opens({ ports }: Rule, { port, protocol }: Entry): boolean {
  const isMeant = ({ port: first, endPort = first, protocol: its = 'TCP' }: NonNullable<Rule['ports']>[number]) =>
    its === protocol && first <= port && port <= endPort;
  return ports?.some(isMeant) ?? true;
}

function means({ podSelector, namespaceSelector, ipBlock }: Peer, own: string, other: Actor): boolean {
  if (ipBlock) {
    const { address } = other;
    const { cidr, except = [] } = ipBlock;
    return address !== undefined && holds(cidr, address) && !except.some((each) => holds(each, address));
  }
  if (other.namespace === '') return false;
  const isThere = namespaceSelector ? selectsNamespace(namespaceSelector, other.namespace) : other.namespace === own;
  return isThere && (podSelector ? selects(podSelector, other.labels) : true);
}

function selectsNamespace(selector: LabelSelector, namespace: string): boolean {
  return selects(selector, { [namespaceName]: namespace });
}

function holds(cidr: string, address: string): boolean {
  const [network = '', length = '32'] = cidr.split('/');
  if (!isIPv4(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length));
  return list.check(address);
}

/** The Services that the edge leads to. */
export function routedServices(manifests: Manifests): { namespace: string; service: string; port: number }[] {
  return manifests
    .of('HTTPRoute', 'VirtualService')
    .flatMap((route) => routesOf(route).map(({ service, port }) => ({ namespace: namespaceOf(route), service, port })));
}
