import { type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { secretAt } from './environments';
import { type Container, containersOf, type KeyRef, type Workload } from './pods';

/** Keys of a ConfigMap or a Secret; undefined where there is none of that name. */
export type Keys = ReadonlySet<string> | undefined;

/** Every ConfigMap, Secret, key, volume, port and ServiceAccount that a pod names must be there. */
export function referenceFaults(manifests: Manifests, shapes: Manifests): string[] {
  return manifests.workloads().flatMap((workload) => {
    const sources = new Sources(manifests, shapes, namespaceOf(workload.manifest));
    return [
      ...accountFaults(manifests, workload),
      ...containersOf(workload.pod).flatMap((container) => [
        ...variableFaults(container, sources),
        ...mountFaults(container, workload),
        ...portFaults(container),
        ...fileFaults(container, workload, sources),
      ]),
      ...volumeFaults(workload, sources),
    ].map((fault) => `${nameOf(workload.manifest)}: ${fault}`);
  });
}

/** Where a pod's settings come from: manifests, what operators make of them, and the shapes of Secrets that a person makes. */
export class Sources {
  constructor(
    private readonly manifests: Manifests,
    private readonly shapes: Manifests,
    private readonly namespace: string,
  ) {}

  configMap(name: string): Keys {
    return keysOf(this.manifests.find('ConfigMap', this.namespace, name));
  }

  secret(name: string): Keys {
    return (
      keysOf(this.manifests.find('Secret', this.namespace, name)) ??
      externalKeys(this.manifests.find('ExternalSecret', this.namespace, name)) ??
      kafkaUserKeys(this.manifests.find('KafkaUser', this.namespace, name)) ??
      keysOf(this.shapes.find('Secret', '', name))
    );
  }
}

function keysOf(manifest: Manifest | undefined): Keys {
  return manifest && new Set([...Object.keys(manifest.data ?? {}), ...Object.keys(manifest.stringData ?? {})]);
}

function externalKeys(manifest: Manifest | undefined): Keys {
  const { data = [] } = manifest ? specOf<{ data?: { secretKey: string }[] }>(manifest) : {};
  return manifest && new Set(data.map((each) => each.secretKey));
}

/** What Strimzi's user operator puts in the Secret of a SCRAM user. */
function kafkaUserKeys(manifest: Manifest | undefined): Keys {
  return manifest && new Set(['password', 'sasl.jaas.config']);
}

function accountFaults(manifests: Manifests, { manifest, pod }: Workload): string[] {
  const name = pod.serviceAccountName;
  return name && !manifests.find('ServiceAccount', namespaceOf(manifest), name) ? [`no ServiceAccount ${name}`] : [];
}

function variableFaults({ env = [], envFrom = [] }: Container, sources: Sources): string[] {
  return [
    ...env.flatMap(({ name, valueFrom }) => {
      const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
      const faults = [
        ...(secretKeyRef ? keyFaults('Secret', secretKeyRef, sources.secret(secretKeyRef.name)) : []),
        ...(configMapKeyRef ? keyFaults('ConfigMap', configMapKeyRef, sources.configMap(configMapKeyRef.name)) : []),
      ];
      return faults.map((fault) => `${name}: ${fault}`);
    }),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef && !sources.configMap(configMapRef.name) ? [`no ConfigMap ${configMapRef.name}`] : []),
      ...(secretRef && !sources.secret(secretRef.name) ? [`no Secret ${secretRef.name}`] : []),
    ]),
  ];
}

/** What a place may be without; a name that is not here would be missed by nobody. */
const mayBeMissing = ['card-numbers'];

function keyFaults(kind: string, { name, key, optional = false }: KeyRef, keys: Keys): string[] {
  const mayBe = optional && mayBeMissing.some((each) => name.startsWith(each));
  if (optional && !mayBe) return [`without the ${kind} ${name} it would start, and lack ${key}`];
  if (!keys) return mayBe ? [] : [`no ${kind} ${name}`];
  return keys.has(key) ? [] : [`${kind} ${name} has no key ${key}; it has ${[...keys].join(', ')}`];
}

function mountFaults({ name, volumeMounts = [] }: Container, { manifest, pod }: Workload): string[] {
  const { volumeClaimTemplates = [] } = specOf<{ volumeClaimTemplates?: Manifest[] }>(manifest);
  const volumes = new Set([
    ...(pod.volumes ?? []).map((volume) => volume.name),
    ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
  ]);
  return volumeMounts.flatMap((mount) =>
    volumes.has(mount.name) ? [] : [`container ${name} mounts ${mount.name}, which is no volume`],
  );
}

/** A variable that names a file names a key of a Secret that is mounted there. */
function fileFaults(container: Container, { pod }: Workload, sources: Sources): string[] {
  return (container.env ?? []).flatMap(({ name, value = '' }) => {
    if (!name.endsWith('_FILE')) return [];
    const secret = secretAt(value, container, pod.volumes ?? []);
    if (!secret) return [`${name}: no Secret is mounted at ${value}`];
    return keyFaults('Secret', secret, sources.secret(secret.name)).map((fault) => `${name}: ${fault}`);
  });
}

function portFaults({ name, ports = [], startupProbe, livenessProbe, readinessProbe }: Container): string[] {
  const known = new Set(ports.flatMap((port) => [port.name, port.containerPort]));
  return [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => {
    const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
    return port === undefined || known.has(port) ? [] : [`container ${name}: a probe asks at port ${port}`];
  });
}

function volumeFaults({ pod }: Workload, sources: Sources): string[] {
  return (pod.volumes ?? []).flatMap(({ configMap, secret }) => {
    const [kind, name, keys, items] = configMap
      ? (['ConfigMap', configMap.name, sources.configMap(configMap.name), configMap.items] as const)
      : (['Secret', secret?.secretName ?? '', sources.secret(secret?.secretName ?? ''), secret?.items] as const);
    if (!configMap && !secret) return [];
    if (!keys) return [`no ${kind} ${name}`];
    return (items ?? []).flatMap(({ key }) => (keys.has(key) ? [] : [`${kind} ${name} has no key ${key}`]));
  });
}
