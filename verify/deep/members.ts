import { type Manifest, type Manifests, specOf } from '../manifests';
import type { PodSpec } from '../pods';
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
export const addresses = [...Object.values(serviceMembers), ...Object.values(edges)].map(({ address }) => address);

/** Pods and endpoints of members, which controllers would make, and accounts of those who come from elsewhere. */
export function addMembers(cluster: Cluster, manifests: Manifests, edge: Member): void {
  const [template] = manifests.of('Deployment').filter(({ metadata }) => metadata.name === 'accounts');
  if (!template) throw new Error('there is no Deployment accounts');
  const accounts = [edge, somebody].map(({ account, namespace: where }) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: account, namespace: where },
  }));
  const members = [...Object.values(serviceMembers), edge];
  cluster.apply([
    ...accounts,
    serviceOf(edge),
    ...members.flatMap((member) => [podOf(member, template), endpointsOf(member)]),
  ]);
  for (const { name, namespace: where, address } of members) {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const status = { phase: 'Running', podIP: address, podIPs: [{ ip: address }], conditions };
    cluster.must(['-n', where, 'patch', 'pod', name, '--subresource=status', '-p', JSON.stringify({ status })]);
  }
}

/** Sidecars that listen without iptables, and lead to the running services. */
export function addSidecars(cluster: Cluster, ports: Readonly<Record<Service, number>>): void {
  cluster.apply(
    services.map((name) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name, namespace },
      spec: {
        workloadSelector: { labels: { app: name } },
        ingress: [
          {
            port: { number: 8080, name: 'http', protocol: 'HTTP' },
            bind: serviceMembers[name].address,
            captureMode: 'NONE',
            defaultEndpoint: `127.0.0.1:${ports[name]}`,
          },
        ],
        egress: [
          {
            port: { number: 3999, name: 'http', protocol: 'HTTP' },
            bind: serviceMembers[name].address,
            captureMode: 'NONE',
            hosts: ['./*'],
          },
        ],
      },
    })),
  );
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

function serviceOf({ name, namespace: where, labels }: Member): object {
  const ports = [{ name: 'http', port: 8080, appProtocol: 'http' }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: where }, spec: { selector: labels, ports } };
}

function endpointsOf({ name, namespace: where, address }: Member): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: where, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [
      { addresses: [address], conditions: { ready: true }, targetRef: { kind: 'Pod', name, namespace: where } },
    ],
  };
}
