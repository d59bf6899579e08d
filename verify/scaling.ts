import { consumedBy } from '@storefront/contracts';
import { environmentOf } from './environments';
import { type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { Sources } from './references';
import { type Service, services } from './services';

interface Scale {
  readonly scaleTargetRef: { readonly kind?: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
}

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string };
}

interface TriggerAuthentication {
  readonly env?: readonly { readonly name: string; readonly containerName: string }[];
  readonly secretTargetRef?: readonly { readonly name: string; readonly key: string }[];
}

/** How many pods there may be: scalers of what is there, budgets that a drain can keep, consumers that have a partition. */
export function scalingFaults(manifests: Manifests, shapes: Manifests): string[] {
  const scalers = manifests.of('HorizontalPodAutoscaler', 'ScaledObject');
  return [
    ...scalers.flatMap((each) => scaleFaults(each, manifests).map(in_(each))),
    ...manifests.of('ScaledObject').flatMap((each) => lagFaults(each, manifests, shapes).map(in_(each))),
    ...manifests.of('TriggerAuthentication').flatMap((each) => loginFaults(each, manifests, shapes).map(in_(each))),
    ...manifests.of('PodDisruptionBudget').flatMap((each) => budgetFaults(each).map(in_(each))),
    ...services.flatMap((service) => rivalFaults(service, scalers)),
  ];
}

const in_ = (manifest: Manifest) => (fault: string) => `${nameOf(manifest)}: ${fault}`;

function scaleFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { scaleTargetRef, ...spec } = specOf<Scale>(manifest);
  const { kind = 'Deployment', name } = scaleTargetRef;
  const [least = 1, most = 1] = [spec.minReplicas ?? spec.minReplicaCount, spec.maxReplicas ?? spec.maxReplicaCount];
  const consumed = isService(name) ? consumedBy[name] : [];
  const useful = consumed.reduce((largest, { partitions }) => Math.max(largest, partitions), 0);
  return [
    ...(manifests.find(kind, namespaceOf(manifest), name) ? [] : [`no ${kind} ${name}`]),
    ...(name === manifest.metadata.name ? [] : [`it scales ${name}`]),
    ...(least > most ? [`at least ${least}, at most ${most}`] : []),
    ...(useful > 0 && most > useful ? [`at most ${most} consumers, with ${useful} partitions`] : []),
  ];
}

/** KEDA makes an autoscaler of its own: two of them would pull at the same Deployment. */
function rivalFaults(service: Service, scalers: readonly Manifest[]): string[] {
  const own = scalers.filter((each) => specOf<Scale>(each).scaleTargetRef.name === service);
  if (own.length === 0) return [`nothing scales ${service}`];
  return own.length > 1 ? [`${own.map(nameOf).join(' and ')} scale the same`] : [];
}

/** Lag of a group in a topic that it reads, asked where and as the service asks. */
function lagFaults(manifest: Manifest, manifests: Manifests, shapes: Manifests): string[] {
  const { triggers, scaleTargetRef } = specOf<Scale & { triggers: Trigger[] }>(manifest);
  const deployment = manifests.find('Deployment', namespaceOf(manifest), scaleTargetRef.name);
  const environment = deployment ? environmentOf(deployment, manifests, shapes) : {};
  const faults = triggers.flatMap(({ type, metadata, authenticationRef: ref }) => {
    if (type === 'cpu') return [];
    if (type !== 'kafka') return [`nobody here knows the trigger ${type}`];
    const { consumerGroup = '', topic = '', bootstrapServersFromEnv: from = '', sasl = '', tls = 'disable' } = metadata;
    const reads = isService(consumerGroup) ? consumedBy[consumerGroup] : [];
    const mechanism = (environment['KAFKA_SASL_MECHANISM'] ?? 'none').toLowerCase().replace('-', '_').replace('-', '');
    return [
      ...(reads.some(({ name }) => name === topic) ? [] : [`the group ${consumerGroup} reads no topic ${topic}`]),
      ...(consumerGroup === scaleTargetRef.name ? [] : [`it scales ${scaleTargetRef.name} by ${consumerGroup}'s lag`]),
      ...(environment[from] === undefined ? [`${scaleTargetRef.name} has no variable ${from}`] : []),
      ...(sasl === mechanism ? [] : [`it logs in by ${sasl}, the service by ${mechanism}`]),
      ...((tls === 'enable') === (environment['KAFKA_SSL'] === 'true')
        ? []
        : [`tls is ${tls}d, not so in the service`]),
      ...(ref && !manifests.find('TriggerAuthentication', namespaceOf(manifest), ref.name)
        ? [`no TriggerAuthentication ${ref.name}`]
        : []),
      ...(ref?.name === `${consumerGroup}-kafka` ? [] : [`it asks as ${ref?.name ?? 'nobody'}`]),
    ];
  });
  const asked = triggers.map(({ metadata: { topic } }) => topic);
  const { name: reader } = scaleTargetRef;
  const unasked = (isService(reader) ? consumedBy[reader] : []).filter(({ name }) => !asked.includes(name));
  return [...faults, ...unasked.map(({ name }) => `it does not ask for the lag in ${name}`)];
}

function loginFaults(manifest: Manifest, manifests: Manifests, shapes: Manifests): string[] {
  const { env = [], secretTargetRef = [] } = specOf<TriggerAuthentication>(manifest);
  const sources = new Sources(manifests, shapes, namespaceOf(manifest));
  return [
    ...env.flatMap(({ name, containerName }) => {
      const deployment = manifests.find('Deployment', namespaceOf(manifest), containerName);
      const isThere = deployment && environmentOf(deployment, manifests, shapes)[name] !== undefined;
      return isThere ? [] : [`no container ${containerName} with a variable ${name}`];
    }),
    ...secretTargetRef.flatMap(({ name, key }) =>
      sources.secret(name)?.has(key) ? [] : [`no Secret ${name} with a key ${key}`],
    ),
  ];
}

/** With none to spare, no node could ever be drained. */
function budgetFaults(manifest: Manifest): string[] {
  const { maxUnavailable, minAvailable } = specOf<{ maxUnavailable?: number | string; minAvailable?: unknown }>(
    manifest,
  );
  const isKept = minAvailable === undefined && Number.parseInt(String(maxUnavailable ?? 0), 10) > 0;
  return isKept ? [] : ['a drain needs maxUnavailable: 1 or more, with one replica too'];
}

function isService(name: string): name is Service {
  return services.some((each) => each === name);
}
