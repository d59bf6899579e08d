import { type Address, addressesOf, destinationOf, isInside } from './addresses';
import { type Labels, type Manifests, nameOf, namespaceOf, selects, specOf } from './manifests';
import { namespaceName, type Policy, type Rule } from './network-policies';
import type { Workload } from './pods';
import { routesOf } from './routes';

interface Called extends Address {
  /** The namespace of who calls. */
  readonly from: string;
}

/** What every pod of ours calls besides: names, and the mesh. */
const always: readonly { readonly namespace: string; readonly port: number; readonly protocol: string }[] = [
  { namespace: 'kube-system', port: 53, protocol: 'UDP' },
  { namespace: 'kube-system', port: 53, protocol: 'TCP' },
  { namespace: 'istio-system', port: 15_012, protocol: 'TCP' },
];

/** Ways that the NetworkPolicies close, although a pod or the edge needs them. */
export function wayFaults(manifests: Manifests, shapes: Manifests): string[] {
  return [
    ...calledPorts(manifests, shapes).flatMap((called) => closedFaults(called, manifests)),
    ...manifests.workloads().flatMap((workload) => {
      const addresses = addressesOf(workload, manifests, shapes);
      return outFaults(workload, addresses, manifests).map((fault) => `${nameOf(workload.manifest)}: ${fault}`);
    }),
  ];
}

/** Ports that the edge or a pod of the place calls. */
function calledPorts(manifests: Manifests, shapes: Manifests): Called[] {
  const routes = manifests
    .of('HTTPRoute', 'VirtualService')
    .flatMap((route) =>
      routesOf(route).map(({ service, port }) => ({ from: namespaceOf(route), host: service, port })),
    );
  const addresses = manifests.workloads().flatMap((workload) =>
    addressesOf(workload, manifests, shapes)
      .filter(({ host }) => isInside(host))
      .map((address) => ({ from: namespaceOf(workload.manifest), ...address })),
  );
  const all = [...routes, ...addresses].map((called): [string, Called] => [Object.values(called).join(), called]);
  return [...new Map(all).values()];
}

/** A port that is called, and closed by the policies of its namespace. */
function closedFaults({ from, host, port }: Called, manifests: Manifests): string[] {
  const { pods = [], targets } = destinationOf(manifests, from, host) ?? {};
  return pods.flatMap((workload) => {
    const number = targets?.get(port);
    const rules = rulesFor(workload, 'ingress', manifests);
    const isOpen = !rules || number === undefined || rules.some((rule) => opens(rule, number));
    return isOpen ? [] : [`${nameOf(workload.manifest)}: no NetworkPolicy lets anybody in at ${number}`];
  });
}

/** What a pod calls, and no policy lets it. */
function outFaults(workload: Workload, addresses: readonly Address[], manifests: Manifests): string[] {
  const rules = rulesFor(workload, 'egress', manifests);
  if (!rules) return [];
  const from = namespaceOf(workload.manifest);
  return [
    ...always.flatMap(({ namespace, port, protocol }) =>
      rules.some((rule) => opens(rule, port, protocol) && leadsTo(rule, from, namespace, []))
        ? []
        : [`no NetworkPolicy lets it out to ${namespace} at ${port}/${protocol}`],
    ),
    ...addresses.flatMap(({ host, port }) => {
      const destination = isInside(host) ? destinationOf(manifests, from, host) : undefined;
      const isOpen = rules.some(
        (rule) =>
          opens(rule, port) &&
          leadsTo(rule, from, destination?.namespace ?? '', destination?.pods.map(({ labels }) => labels) ?? []),
      );
      return isOpen ? [] : [`no NetworkPolicy lets it out to ${host}:${port}`];
    }),
  ];
}

/** All rules of the policies that mean a pod; undefined if none does, and so all is open. */
function rulesFor({ manifest, labels }: Workload, way: 'ingress' | 'egress', manifests: Manifests): Rule[] | undefined {
  const type = way === 'ingress' ? 'Ingress' : 'Egress';
  const policies = manifests
    .of('NetworkPolicy')
    .filter((each) => namespaceOf(each) === namespaceOf(manifest))
    .map((each) => specOf<Policy>(each))
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, labels));
  return policies.length > 0 ? policies.flatMap((policy) => policy[way] ?? []) : undefined;
}

function opens({ ports }: Rule, port: number, protocol = 'TCP'): boolean {
  return (
    ports?.some(
      ({ port: first, endPort = first, protocol: its = 'TCP' }) => its === protocol && first <= port && port <= endPort,
    ) ?? true
  );
}

function leadsTo({ to }: Rule, from: string, namespace: string, pods: readonly Labels[]): boolean {
  if (!to) return true;
  return to.some(({ podSelector, namespaceSelector }) => {
    if (namespaceSelector) return selects(namespaceSelector, { [namespaceName]: namespace });
    return podSelector !== undefined && from === namespace && pods.some((labels) => selects(podSelector, labels));
  });
}
