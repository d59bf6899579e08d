import { secretValue } from './environments';
import { type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';

interface Cluster {
  readonly kafka: {
    readonly listeners: readonly { readonly authentication?: { readonly type: string } }[];
    readonly authorization?: { readonly type: string };
    readonly config?: Readonly<Record<string, unknown>>;
    readonly metricsConfig?: {
      readonly valueFrom: { readonly configMapKeyRef: { readonly name: string; readonly key: string } };
    };
  };
}

interface User {
  readonly authentication: {
    readonly type: string;
    readonly password?: {
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
    };
  };
}

const clusterLabel = 'strimzi.io/cluster';

/** What Strimzi finds by name: the cluster of a pool, topic or user, the passwords, and how one logs in. */
export function strimziFaults(manifests: Manifests): string[] {
  if (manifests.of('Kafka').length === 0) return [];
  const parts = manifests.of('KafkaNodePool', 'KafkaTopic', 'KafkaUser');
  return [
    ...parts.flatMap((part) =>
      clusterOf(part, manifests)
        ? []
        : [`${nameOf(part)}: no Kafka ${part.metadata.labels?.[clusterLabel] ?? 'by its label'}`],
    ),
    ...manifests
      .of('Kafka')
      .flatMap((cluster) => clusterFaults(cluster, manifests).map((fault) => `${nameOf(cluster)}: ${fault}`)),
    ...manifests
      .of('KafkaUser')
      .flatMap((user) => userFaults(user, manifests).map((fault) => `${nameOf(user)}: ${fault}`)),
  ];
}

function clusterOf({ metadata }: Manifest, manifests: Manifests): Manifest | undefined {
  return manifests.find('Kafka', metadata.namespace ?? '', metadata.labels?.[clusterLabel] ?? '');
}

function clusterFaults(cluster: Manifest, manifests: Manifests): string[] {
  const { kafka } = specOf<Cluster>(cluster);
  const isOwn = (part: Manifest) => clusterOf(part, manifests) === cluster;
  const pools = manifests
    .of('KafkaNodePool')
    .filter(isOwn)
    .map((pool) => specOf<{ replicas: number; roles: string[] }>(pool));
  const brokers = pools
    .flatMap(({ replicas, roles }) => (roles.includes('broker') ? [replicas] : []))
    .reduce((a, b) => a + b, 0);
  const factors = Object.entries(kafka.config ?? {}).filter(([key]) =>
    /replication\.factor$|insync\.replicas$|min\.isr$/.test(key),
  );
  const topics = manifests.of('KafkaTopic').filter(isOwn);
  const metrics = kafka.metricsConfig?.valueFrom.configMapKeyRef;
  const rules = metrics && manifests.find('ConfigMap', namespaceOf(cluster), metrics.name)?.data?.[metrics.key];
  return [
    ...(metrics && rules === undefined ? [`no ConfigMap ${metrics.name} with a key ${metrics.key}`] : []),
    ...(pools.some(({ roles }) => roles.includes('controller')) ? [] : ['no pool has controllers']),
    ...factors.flatMap(([key, value]) =>
      Number(value) <= brokers ? [] : [`${key} is ${String(value)}, with ${brokers} brokers`],
    ),
    ...topics.flatMap((topic) => {
      const { replicas } = specOf<{ replicas: number }>(topic);
      return replicas <= brokers
        ? []
        : [`topic ${topic.metadata.name} has ${replicas} replicas, with ${brokers} brokers`];
    }),
    ...(kafka.authorization?.type === 'simple' ? [] : ['users have rights, but nothing is authorized']),
    ...(kafka.listeners.some(({ authentication }) => !authentication) ? ['a listener lets in whoever comes'] : []),
  ];
}

function userFaults(user: Manifest, manifests: Manifests): string[] {
  const { type, password } = specOf<User>(user).authentication;
  const cluster = clusterOf(user, manifests);
  const known = cluster
    ? specOf<Cluster>(cluster).kafka.listeners.map(({ authentication }) => authentication?.type)
    : [type];
  const ref = password?.valueFrom.secretKeyRef;
  const secret = ref && manifests.find('Secret', namespaceOf(user), ref.name);
  return [
    ...(known.includes(type) ? [] : [`no listener takes ${type}`]),
    ...(!ref || (secret && secretValue(secret, ref.key) !== undefined)
      ? []
      : [`no Secret ${ref.name} with a key ${ref.key}`]),
  ];
}
