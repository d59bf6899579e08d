import { type Manifest, type Manifests, namespaceOf, specOf } from '../manifests';
import type { PodSpec, Workload } from '../pods';
import { type Service, services } from '../services';
import { version } from '../version';
import type { Cluster } from './cluster';
import type { Member } from './mesh';

const namespace = 'storefront';

/** Each service at an address of its own, where its sidecar listens in its place. */
export const serviceMembers: Readonly<Record<Service, Member>> = {
  accounts: sidecar('accounts', '10.77.0.11'),
  orders: sidecar('orders', '10.77.0.12'),
  fulfillment: sidecar('fulfillment', '10.77.0.13'),
};

/** A pod of Accounts by the next version. */
export const nextAccounts: Member = {
  ...serviceMembers.accounts,
  name: 'accounts-next',
  address: '10.77.0.31',
  labels: { ...serviceMembers.accounts.labels, version: 'next' },
};

/** The edge as Istio makes it of a Gateway of the Gateway API, or as its chart does. */
export const edges: Readonly<Record<'gateway-api' | 'classic', Member>> = {
  'gateway-api': {
    name: 'storefront-istio',
    namespace,
    account: 'storefront-istio',
    address: '10.77.0.1',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'storefront' },
    proxy: 'router',
  },
  classic: {
    name: 'istio-ingressgateway',
    namespace: 'istio-system',
    account: 'istio-ingressgateway-service-account',
    address: '10.77.0.2',
    labels: { istio: 'ingressgateway' },
    proxy: 'router',
  },
};

/** Of the namespace that Prometheus is in, which opens no door of the mesh. */
export const somebody: Member = stranger('somebody', 'monitoring', '10.77.0.22');

function sidecar(name: Service, address: string): Member {
  const labels = { app: name, version, 'security.istio.io/tlsMode': 'istio' };
  return { name, namespace, account: name, address, labels, proxy: 'sidecar' };
}

function stranger(name: string, where: string, address: string): Member {
  return { name, namespace: where, account: name, address, labels: { app: name }, proxy: 'none' };
}

/** Every address that is made up, to be had on the loopback interface. */
export const addresses = [...Object.values(serviceMembers), nextAccounts, ...Object.values(edges)].map(
  ({ address }) => address,
);

/** Pods and endpoints of members, which controllers would make, and accounts of those who come from elsewhere. */
export function addMembers(cluster: Cluster, manifests: Manifests, edge: Member): void {
  const accounts = [edge, somebody].map(({ account, namespace: where }) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: account, namespace: where },
  }));
  const members = [...Object.values(serviceMembers), edge];
  cluster.apply([...accounts, ...secretsReader(edge), serviceOf(edge)]);
  addPods(cluster, members, workloadOf('accounts', manifests).manifest);
  for (const member of members) setEndpoint(cluster, member, 'ready');
}

/** Pods that run, in no Service yet, with the spec of a real one. */
export function addPods(cluster: Cluster, members: readonly Member[], deployment: Manifest): void {
  cluster.apply(members.map((member) => podOf(member, deployment)));
  for (const { name, namespace: where, address } of members) {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const status = { phase: 'Running', podIP: address, podIPs: [{ ip: address }], conditions };
    cluster.must(['-n', where, 'patch', 'pod', name, '--subresource=status', '-p', JSON.stringify({ status })]);
  }
}

/** Returns the Deployment of a service with its pods, and throws where there is none. */
export function workloadOf(service: Service, manifests: Manifests): Workload {
  const isIts = ({ manifest: { kind, metadata } }: Workload) => kind === 'Deployment' && metadata.name === service;
  const found = manifests.workloads().find((each) => isIts(each) && namespaceOf(each.manifest) === namespace);
  if (!found) throw new Error(`there is no Deployment ${service}`);
  return found;
}

/** A sidecar that listens without iptables, and leads to a port of this machine. */
export function addSidecar(cluster: Cluster, { name, address, labels }: Member, port: number): void {
  const listener = (number: number) => ({
    port: { number, name: 'http', protocol: 'HTTP' },
    bind: address,
    captureMode: 'NONE',
  });
  cluster.apply([
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name, namespace },
      spec: {
        workloadSelector: { labels },
        ingress: [{ ...listener(8080), defaultEndpoint: `127.0.0.1:${port}` }],
        egress: [{ ...listener(3999), hosts: ['./*'] }],
      },
    },
  ]);
}

/** The sidecars of the running services. */
export function addSidecars(cluster: Cluster, ports: Readonly<Record<Service, number>>): void {
  for (const name of services) addSidecar(cluster, serviceMembers[name], ports[name]);
}

/** With the spec of a real one of ours, which Pod Security lets in. */
function podOf({ name, namespace: where, account, labels }: Member, deployment: Manifest): object {
  const { spec } = specOf<{ template: { spec: PodSpec } }>(deployment).template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: where, labels },
    spec: { ...spec, serviceAccountName: account, nodeName: 'nowhere' },
  };
}

const edgePorts = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443 },
];

function serviceOf({ name, namespace: where, labels }: Member): object {
  const ports = edgePorts.map((each) => ({ ...each, appProtocol: each.name }));
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: where }, spec: { selector: labels, ports } };
}

/** As Istio's chart lets its gateway read certificates; for the Gateway API istiod needs none. */
function secretsReader({ name, namespace: where, account }: Member): object[] {
  const metadata = { name, namespace: where };
  const group = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: where }],
    },
  ];
}

/** Where a member is among the endpoints of its Service. */
export function setEndpoint(
  cluster: Cluster,
  { name, namespace: where, address, labels, proxy }: Member,
  state: 'ready' | 'terminating' | 'gone',
): void {
  const conditions =
    state === 'ready' ? { ready: true } : { ready: false, serving: state === 'terminating', terminating: true };
  const targetRef = { kind: 'Pod', name, namespace: where };
  const ports = proxy === 'router' ? edgePorts : [{ name: 'http', port: 8080 }];
  cluster.apply([
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-1`,
        namespace: where,
        labels: { 'kubernetes.io/service-name': labels['app'] ?? name },
      },
      addressType: 'IPv4',
      ports: ports.map((each) => ({ ...each, protocol: 'TCP' })),
      endpoints: state === 'gone' ? [] : [{ addresses: [address], conditions, targetRef }],
    },
  ]);
}
