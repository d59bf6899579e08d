import { type Environment, Values, variablesOf } from './environments';
import { type Labels, type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { type Container, containersOf, type Workload } from './pods';

/** A server that a pod is told to call. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a server is in the cluster; `pods` is empty when an operator makes them. */
export interface Destination {
  readonly namespace: string;
  readonly pods: readonly Workload[];
  /** Which of the pods' ports are behind which of its own. */
  readonly targets: ReadonlyMap<number, number | undefined>;
}

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly { readonly port: number; readonly targetPort?: number | string }[];
}

/** Every server that a pod is told to call must be a Service of the place, or be known to the mesh. */
export function addressFaults(manifests: Manifests, shapes: Manifests): string[] {
  return manifests.workloads().flatMap((workload) =>
    addressesOf(workload, manifests, shapes).flatMap(({ host, port }) => {
      const fault = isInside(host)
        ? insideFault(manifests, namespaceOf(workload.manifest), host, port)
        : outsideFault(manifests, host, port);
      return fault ? [`${nameOf(workload.manifest)}: ${fault}`] : [];
    }),
  );
}

/** Read from the values of variables, and from commands. */
export function addressesOf({ manifest, pod }: Workload, manifests: Manifests, shapes: Manifests): Address[] {
  const values = new Values(manifests, shapes, namespaceOf(manifest));
  return containersOf(pod)
    .map((container) => ({ container, variables: variablesOf(container, values, pod.volumes) }))
    .flatMap(({ container, variables }) => [
      ...textsOf(container, variables).flatMap(addressesIn),
      ...tokenService(variables),
    ]);
}

/** Where AWS gives the credentials that MSK asks for. */
function tokenService({ KAFKA_SASL_MECHANISM: mechanism, AWS_REGION: region = '' }: Environment): Address[] {
  return mechanism === 'AWS_MSK_IAM' ? [{ host: `sts.${region}.amazonaws.com`, port: 443 }] : [];
}

/** The Service (or what Strimzi will make one of) that a name means to a pod in a namespace. */
export function destinationOf(manifests: Manifests, from: string, host: string): Destination | undefined {
  const parts = host.replace(/\.svc(\.cluster\.local)?$/, '').split('.');
  const [name = '', namespace = from] = parts.length === 3 ? parts.slice(1) : parts;
  const service = manifests.find('Service', namespace, name);
  if (service) {
    const { selector, ports } = specOf<ServiceSpec>(service);
    const pods = manifests.selected(namespace, { matchLabels: selector });
    const own = pods.flatMap(({ pod }) => pod.containers.flatMap((each) => each.ports ?? []));
    const numberOf = (target: string | number) =>
      own.find(({ name: each, containerPort }) => each === target || containerPort === target)?.containerPort;
    const [first = ''] = parts;
    if (parts.length === 3 && !pods.some(({ manifest }) => first.startsWith(`${manifest.metadata.name}-`)))
      return undefined;
    const targets = new Map(ports.map(({ port, targetPort = port }) => [port, numberOf(targetPort)]));
    return { namespace, pods, targets };
  }
  const cluster = manifests.find('Kafka', namespace, name.replace(/-kafka-bootstrap$/, ''));
  if (!cluster || !name.endsWith('-kafka-bootstrap')) return undefined;
  const { kafka } = specOf<{ kafka: { listeners: { port: number }[] } }>(cluster);
  return { namespace, pods: [], targets: new Map(kafka.listeners.map(({ port }) => [port, port])) };
}

export function isInside(host: string): boolean {
  return !host.includes('.') || /\.svc(\.cluster\.local)?$/.test(host);
}

function insideFault(manifests: Manifests, from: string, host: string, port: number): string | undefined {
  const destination = destinationOf(manifests, from, host);
  if (!destination) return `${host} is no Service`;
  return destination.targets.has(port) ? undefined : `${host} has no port ${port}`;
}

/** Where the mesh knows any server outside, it must know all of them. */
function outsideFault(manifests: Manifests, host: string, port: number): string | undefined {
  const entries = manifests
    .of('ServiceEntry')
    .map((entry) => specOf<{ hosts: string[]; ports: { number: number }[] }>(entry));
  const isKnown = entries.some(
    ({ hosts, ports }) =>
      hosts.some((each) => (each.startsWith('*') ? host.endsWith(each.slice(1)) : host === each)) &&
      ports.some(({ number }) => number === port),
  );
  return isKnown || entries.length === 0 ? undefined : `no ServiceEntry has ${host}:${port}`;
}

function textsOf({ command = [], args = [] }: Container, variables: Environment): string[] {
  return [...Object.values(variables), ...command, ...args];
}

/** Where the members of Atlas' shards are, one a port. */
const shardPorts = [27_015, 27_016, 27_017];

/** `host:port`, anywhere in a text; the host of a MongoDB address by SRV has none. */
export function addressesIn(text: string): Address[] {
  const withoutUser = text.replace(/\/\/[^/\s]*@/g, '//');
  const hosts = [...withoutUser.matchAll(/(?<![\w.-])([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):(\d{2,5})(?!\w)/gi)];
  const srv = /^mongodb\+srv:\/\/([^/:]+)/.exec(withoutUser)?.[1];
  return [
    ...hosts.map(([, host = '', port]) => ({ host, port: Number(port) })),
    ...(srv ? shardPorts.map((port) => ({ host: srv, port })) : []),
  ].filter(({ host }) => host !== 'localhost');
}
