import { addressesOf, destinationOf, isInside } from './addresses';
import { type Actor, actorsOf, Doors, edgesOf, type Entry, outsiders, routedServices, somebodyIn } from './doors';
import { Values, variablesOf } from './environments';
import type { Manifests } from './manifests';
import { askedBy, merged } from './monitors';
import { services } from './services';
import { strimziPods } from './strimzi-pods';

/** Somebody calls somebody at a port. */
interface Way extends Entry {
  readonly from: Actor;
  readonly to: Actor;
  /** As the manifests say it. */
  readonly said: string;
}

const proxyMetrics = merged.port;

/** The ways that are taken, held against the NetworkPolicies: each of them is open, and no other one is. */
export function wayFaults(manifests: Manifests, shapes: Manifests): string[] {
  const actors = actorsOf(manifests);
  const taken = [...callsOf(actors, manifests, shapes), ...visits(actors, manifests)];
  const doors = new Doors(manifests);
  const faults = [
    ...taken.flatMap((way) => closedFaults(way, doors)),
    ...actors.flatMap((actor) => tooOpenFaults(actor, actors, taken, doors)),
  ];
  return [...new Set(faults)];
}

/** What pods call: what is said in their settings, names, the mesh. */
function callsOf(actors: readonly Actor[], manifests: Manifests, shapes: Manifests): Way[] {
  return actors.flatMap((from) => {
    const { workload } = from;
    if (!workload) return from.name === 'the edge' ? always(from, manifests) : strimziCalls(from, actors, manifests);
    const values = new Values(manifests, shapes, from.namespace);
    const texts = workload.pod.containers.flatMap((each) =>
      Object.values(variablesOf(each, values, workload.pod.volumes)),
    );
    const called = addressesOf(workload, manifests, shapes).flatMap(({ host, port }): Way[] => {
      const way = { from, protocol: 'TCP', said: `${host}:${port}` } as const;
      if (!isInside(host)) return [{ ...way, to: outsideOf(host, manifests), port }];
      const { namespace, pods, targets } = destinationOf(manifests, from.namespace, host) ?? {};
      if (namespace === undefined) return [];
      const found = actors.filter(
        (actor) => actor.workload && pods?.some(({ manifest }) => manifest === actor.workload?.manifest),
      );
      const target = targets?.get(port) ?? port;
      const brokers = actors.filter((actor) => actor.namespace === namespace && actor.name.endsWith('-kafka'));
      return (found.length > 0 ? found : brokers).map((to) => ({ ...way, to, port: target }));
    });
    return [
      ...always(from, manifests),
      ...called,
      ...memberCalls(from),
      ...(texts.includes('AWS_MSK_IAM') ? credentials(from) : []),
    ];
  });
}

const tcp = { protocol: 'TCP' } as const;

/** MSK is in a network of its own, and so is Atlas where Terraform peers it; of the rest nobody knows the addresses. */
function outsideOf(host: string, manifests: Manifests): Actor {
  if (/\.kafka\.[\w-]+\.amazonaws\.com$/.test(host)) return outsiders.msk;
  const isPeered = host.endsWith('.mongodb.net') && manifests.of('ExternalSecret').length > 0;
  return isPeered ? outsiders.atlas : outsiders.internet;
}

/** A member of a replica set, who finds itself by its name. */
function memberCalls(from: Actor): Way[] {
  if (from.workload?.manifest.kind !== 'StatefulSet') return [];
  return from.ports.map((port) => ({ from, to: from, port, ...tcp, said: from.name }));
}

/** Strimzi's pods call one another and the API server; Prometheus and KEDA call them. */
function strimziCalls(from: Actor, actors: readonly Actor[], manifests: Manifests): Way[] {
  const pods = strimziPods(manifests);
  const made = pods.find((each) => isSame(each, from));
  const visited = pods.filter(({ ports }) => ports.includes(from.namespace === 'keda' ? 9092 : 9404));
  const comes = from.namespace === 'monitoring' || from.namespace === 'keda' ? visited : [];
  const calls = made?.calls ?? comes.map(({ name }) => [name, from.namespace === 'keda' ? 9092 : 9404] as const);
  const called = calls.flatMap(([name, port]) =>
    actors.filter((to) => to.name === name).map((to): Way => ({ from, to, port, ...tcp, said: `${name}:${port}` })),
  );
  return [...(made ? always(from, manifests) : []), ...called];
}

function always(from: Actor, manifests: Manifests): Way[] {
  const isInMesh = manifests
    .of('Namespace')
    .some(({ metadata: { name, labels } }) => name === from.namespace && labels?.['istio-injection'] === 'enabled');
  const istiod: Way = { from, to: somebodyIn('istio-system'), port: 15_012, ...tcp, said: 'istio-system at 15012/TCP' };
  const names = { from, to: somebodyIn('kube-system'), port: 53 };
  return [
    { ...names, protocol: 'UDP', said: 'kube-system at 53/UDP' },
    { ...names, ...tcp, said: 'kube-system at 53/TCP' },
    ...[outsiders.nodeDns, outsiders.clusterDns, outsiders.eksDns, outsiders.eksOtherDns, outsiders.gkeDns].flatMap(
      (to): Way[] => [
        { ...names, to, protocol: 'UDP', said: `${to.name} at 53` },
        { ...names, to, ...tcp, said: `${to.name} at 53` },
      ],
    ),
    ...(isInMesh ? [istiod] : []),
  ];
}

/** A role by pod identity: AWS' agent on the node gives it. */
function credentials(from: Actor): Way[] {
  return [{ from, to: outsiders.podIdentity, port: 80, ...tcp, said: 'the pod identity agent' }];
}

/** Who comes to the services, and to the edge. */
function visits(actors: readonly Actor[], manifests: Manifests): Way[] {
  const isService = ({ name, workload }: Actor) =>
    workload !== undefined && [...services, 'gateway'].some((each) => each === name);
  const prometheus = somebodyIn('monitoring');
  const asked = actors
    .filter(isService)
    .map((to): Way => ({ from: prometheus, to, port: proxyMetrics, ...tcp, said: to.name }));
  const others = manifests
    .of('PodMonitor')
    .flatMap((monitor) => askedBy(monitor, manifests))
    .flatMap(({ pod, port }) =>
      actors
        .filter((to) => !isService(to) && to.workload?.manifest === pod.manifest)
        .map((to): Way => ({ from: prometheus, to, port, ...tcp, said: to.name })),
    );
  const edges = edgesOf(manifests);
  const entered = edges.flatMap((to) => [
    ...to.ports.map((port): Way => ({ from: outsiders.internet, to, port, ...tcp, said: 'the edge' })),
    { from: prometheus, to, port: proxyMetrics, ...tcp, said: 'the edge' },
  ]);
  const led = edges.flatMap((from) =>
    routedServices(manifests).flatMap(({ namespace, service, port }) => {
      const { pods = [], targets } = destinationOf(manifests, namespace, service) ?? {};
      return actors
        .filter(({ workload }) => pods.some(({ manifest }) => manifest === workload?.manifest))
        .map((to): Way => ({ from, to, port: targets?.get(port) ?? port, ...tcp, said: `${service}:${port}` }));
    }),
  );
  return [...asked, ...others, ...entered, ...led];
}

function closedFaults({ from, to, said, ...at }: Way, doors: Doors): string[] {
  return [
    ...(doors.letsThrough('egress', from, to, at) ? [] : [`${nameIn(from)}: no NetworkPolicy lets it out to ${said}`]),
    ...(doors.letsThrough('ingress', to, from, at)
      ? []
      : [`${nameIn(to)}: no NetworkPolicy lets ${from.name} in at ${at.port}`]),
  ];
}

/** Doors that are open for somebody who has no business there; who may come from anywhere is nobody in particular. */
function tooOpenFaults(actor: Actor, actors: readonly Actor[], taken: readonly Way[], doors: Doors): string[] {
  const comes = taken.filter(({ to }) => isSame(to, actor));
  const goes = taken.filter(({ from }) => isSame(from, actor));
  const isMeant = (ways: readonly Way[], end: 'from' | 'to', other: Actor, port: number) =>
    ways.some((way) => way.port === port && (isSame(way[end], other) || way[end] === outsiders.internet));
  const [into, out] = [doors.has('ingress', actor), doors.has('egress', actor)];
  return actors.flatMap((other) => [
    ...[...actor.ports, proxyMetrics].flatMap((port) => {
      const mayBe = isMeant(comes, 'from', other, port) || isForEdge(actor, other) || isForTraces(actor, other);
      return !into || mayBe || !doors.letsThrough('ingress', actor, other, { port, ...tcp })
        ? []
        : [`${nameIn(actor)}: ${other.name} is let in at ${port}, and has no business there`];
    }),
    ...other.ports.flatMap((port) => {
      const mayBe = isMeant(goes, 'to', other, port) || isForTraces(other, actor);
      return !out || mayBe || !doors.letsThrough('egress', actor, other, { port, ...tcp })
        ? []
        : [`${nameIn(actor)}: it is let out to ${other.name} at ${port}, and has no business there`];
    }),
  ]);
}

/** The base is for both styles of edge: that of the other one is in a namespace of its own. */
function isForEdge({ name }: Actor, { namespace }: Actor): boolean {
  return namespace === 'istio-system' && services.some((each) => each === name);
}

function isForTraces(traces: Actor, { namespace }: Actor): boolean {
  return traces.name === 'traces' && traces.namespace === namespace;
}

function isSame(one: Actor, other: Actor): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

function nameIn({ name, namespace, workload }: Actor): string {
  return workload ? `${workload.manifest.kind} ${namespace}/${name}` : name;
}
