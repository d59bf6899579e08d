import {
  type Labels,
  type LabelSelector,
  type Manifest,
  type Manifests,
  nameOf,
  namespaceOf,
  specOf,
} from './manifests';
import { fetchFaults } from './elsewhere';
import { routesOf } from './routes';
import { services } from './services';

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: string | number;
    readonly appProtocol?: string;
  }[];
}

interface AwsStore {
  readonly provider: { readonly aws: { readonly service: string } };
}

/** Those of Istio's that we use. */
const protocols = new Set<string | undefined>(['http', 'tcp']);

/** Every object that names or selects another one must find it. */
export function wiringFaults(manifests: Manifests): string[] {
  const rules: readonly [readonly string[], (manifest: Manifest, manifests: Manifests) => string[]][] = [
    [['Service'], serviceFaults],
    [['PodDisruptionBudget', 'AuthorizationPolicy', 'RequestAuthentication'], selectorFaults],
    [['HTTPRoute', 'VirtualService'], routeFaults],
    [['HTTPRoute', 'VirtualService', 'RequestAuthentication', 'AuthorizationPolicy'], gatewayFaults],
    [['DestinationRule'], destinationFaults],
    [['ServiceMonitor'], monitorFaults],
    [['ExternalSecret'], storeFaults],
  ];
  return rules.flatMap(([kinds, rule]) =>
    manifests.of(...kinds).flatMap((each) => rule(each, manifests).map((fault) => `${nameOf(each)}: ${fault}`)),
  );
}

function serviceFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { selector, ports } = specOf<ServiceSpec>(manifest);
  const workloads = manifests.selected(namespaceOf(manifest), { matchLabels: selector });
  if (workloads.length === 0) return ['it selects no pod'];
  const others = workloads.filter(({ manifest: each }) => each.metadata.name !== manifest.metadata.name);
  const known = new Set(
    workloads
      .flatMap(({ pod }) => pod.containers.flatMap((each) => each.ports ?? []))
      .flatMap((each) => [each.name, each.containerPort]),
  );
  return [
    ...others.map((each) => `it selects the pods of ${each.manifest.metadata.name}`),
    ...ports.flatMap((port) => servicePortFaults(port, known)),
  ];
}

function servicePortFaults(
  { port, targetPort = port, appProtocol }: ServiceSpec['ports'][number],
  known: ReadonlySet<string | number | undefined>,
): string[] {
  return [
    ...(known.has(targetPort) ? [] : [`port ${port} leads to ${targetPort}, which no container has`]),
    ...(protocols.has(appProtocol) ? [] : [`port ${port} does not say its protocol (appProtocol)`]),
  ];
}

function selectorFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { selector } = specOf<{ selector?: LabelSelector }>(manifest);
  if (!selector) return [];
  const selected = manifests.selected(namespaceOf(manifest), selector).map((each) => each.manifest.metadata.name);
  if (selected.length === 0) return ['it selects no pod'];
  // a budget or a list for several would be shared by them
  return selected.join() === manifest.metadata.name.replace(/-(reconciled|operated)$/, '')
    ? []
    : [`it is for ${selected.join(' and ')}`];
}

function routeFaults(manifest: Manifest, manifests: Manifests): string[] {
  return routesOf(manifest).flatMap(({ service, port, subset }) => {
    const found = manifests.find('Service', namespaceOf(manifest), service);
    if (!found) return [`no Service ${service}`];
    const rule = manifests.find('DestinationRule', namespaceOf(manifest), service);
    const subsets = rule ? (specOf<{ subsets?: { name: string }[] }>(rule).subsets ?? []) : [];
    return [
      ...(specOf<ServiceSpec>(found).ports.some((each) => each.port === port)
        ? []
        : [`Service ${service} has no port ${port}`]),
      ...(!subset || subsets.some(({ name }) => name === subset) ? [] : [`no subset ${subset} of ${service}`]),
    ];
  });
}

function gatewayFaults(manifest: Manifest, manifests: Manifests): string[] {
  const spec = specOf<{ parentRefs?: { name: string }[]; targetRefs?: { name: string }[]; gateways?: string[] }>(
    manifest,
  );
  const names = [...(spec.parentRefs ?? []), ...(spec.targetRefs ?? [])]
    .map(({ name }) => name)
    .concat(spec.gateways ?? []);
  return names.flatMap((name) =>
    manifests.find('Gateway', namespaceOf(manifest), name) ? [] : [`no Gateway ${name}`],
  );
}

function destinationFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { host, subsets = [] } = specOf<{ host: string; subsets?: { name: string; labels: Labels }[] }>(manifest);
  const service = manifests.find('Service', namespaceOf(manifest), host);
  if (!service) return [`no Service ${host}`];
  return subsets.flatMap(({ name, labels }) =>
    manifests.selected(namespaceOf(manifest), { matchLabels: { ...specOf<ServiceSpec>(service).selector, ...labels } })
      .length > 0
      ? []
      : [`subset ${name} has no pod`],
  );
}

function monitorFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { endpoints, selector, jobLabel } = specOf<{
    jobLabel?: string;
    endpoints: { port: string; path?: string }[];
    selector: { matchExpressions?: { key: string; values: string[] }[] };
  }>(manifest);
  const paths = endpoints.map(({ path }) => path).join();
  const watched = (selector.matchExpressions ?? []).flatMap(({ values }) => values);
  const forgotten = services.filter((each) => !watched.includes(each)).map((each) => `it does not watch ${each}`);
  const faults = (selector.matchExpressions ?? []).flatMap(({ key, values }) => [
    ...(paths === '/actuator/prometheus' ? [] : [`metrics are not at ${paths}`]),
    // the rules' job is the service's name
    ...(jobLabel === key ? [] : [`the job is named by ${jobLabel}, not by ${key}`]),
    ...values.flatMap((value) => {
      const service = manifests
        .of('Service')
        .find((each) => namespaceOf(each) === namespaceOf(manifest) && each.metadata.labels?.[key] === value);
      if (!service) return [`no Service has the label ${key}: ${value}`];
      const ports = specOf<ServiceSpec>(service).ports.map(({ name }) => name);
      return endpoints.flatMap(({ port }) => (ports.includes(port) ? [] : [`Service ${value} has no port ${port}`]));
    }),
  ]);
  return [...faults, ...forgotten];
}

function storeFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { secretStoreRef, target } = specOf<{
    secretStoreRef: { kind?: string; name: string };
    target?: { name?: string };
  }>(manifest);
  const { kind = 'SecretStore', name } = secretStoreRef;
  const { name: made = manifest.metadata.name } = target ?? {};
  const store = manifests.find(kind, namespaceOf(manifest), name);
  return [
    ...(store ? [] : [`no ${kind} ${name}`]),
    // what reads it is found by the name of this object
    ...(made === manifest.metadata.name ? [] : [`it makes a Secret ${made}`]),
    ...fetchFaults(manifest, store && specOf<AwsStore>(store).provider.aws.service),
  ];
}
