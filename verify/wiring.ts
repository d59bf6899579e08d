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
import { monitorFaults } from './monitors';
import { routesOf } from './routes';

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: string | number;
    readonly appProtocol?: string;
  }[];
}

interface GatewayRef {
  readonly name: string;
  readonly sectionName?: string;
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
    [['PodMonitor'], monitorFaults],
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
  return routesOf(manifest).flatMap(({ service, port }) => {
    const found = manifests.find('Service', namespaceOf(manifest), service);
    if (!found) return [`no Service ${service}`];
    const hasPort = specOf<ServiceSpec>(found).ports.some((each) => each.port === port);
    return hasPort ? [] : [`Service ${service} has no port ${port}`];
  });
}

function gatewayFaults(manifest: Manifest, manifests: Manifests): string[] {
  const spec = specOf<{ parentRefs?: GatewayRef[]; targetRefs?: GatewayRef[]; gateways?: string[] }>(manifest);
  const refs = [
    ...(spec.parentRefs ?? []),
    ...(spec.targetRefs ?? []),
    ...(spec.gateways ?? []).map((name) => ({ name })),
  ];
  return refs.flatMap(({ name, sectionName }: GatewayRef) => {
    const gateway = manifests.find('Gateway', namespaceOf(manifest), name);
    if (!gateway) return [`no Gateway ${name}`];
    const { listeners = [] } = specOf<{ listeners?: { name: string }[] }>(gateway);
    const isThere = sectionName === undefined || listeners.some((each) => each.name === sectionName);
    return isThere ? [] : [`Gateway ${name} has no listener ${sectionName}`];
  });
}

function destinationFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { host } = specOf<{ host: string }>(manifest);
  return manifests.find('Service', namespaceOf(manifest), host) ? [] : [`no Service ${host}`];
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
