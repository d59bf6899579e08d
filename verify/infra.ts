import { type KafkaSetup, topicFaults, userFaults } from './kafka-rights';
import { type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { services } from './services';

/** Who logs in to Kafka: the services, and the operators' commands. */
const kafkaUsers = [...services, 'toolbox'];

/** Terraform's `publishes`, `reads` and, where it makes them, `topics`, held against the contracts. */
export function terraformFaults(text: string): string[] {
  const users = new Map<string, Set<string>>(kafkaUsers.map((user) => [user, new Set()]));
  for (const [service, topics] of entries(text, 'publishes')) {
    for (const topic of topics) users.get(service)?.add(`Write topic ${topic}`).add(`Describe topic ${topic}`);
  }
  for (const [service, topics] of entries(text, 'reads')) {
    for (const topic of topics) {
      users.get(service)?.add(`Read topic ${topic}`).add(`Describe topic ${topic}`);
      if (knowsRetention(text)) users.get(service)?.add(`DescribeConfigs topic ${topic}`);
    }
    if (topics.length > 0 && service !== 'toolbox') users.get(service)?.add(`Read group ${service}`);
  }
  return [...userFaults(users), ...(text.includes('"kafka_topic"') ? topicFaults(topicsIn(text)) : [])];
}

/** By Kafka's own name, or by the one that IAM has for it. */
function knowsRetention(text: string): boolean {
  return /Read +=.*"DescribeConfigs"|"kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData"/.test(
    text,
  );
}

/** What the overlays fetch from Secrets Manager and Parameter Store, Terraform must put there. */
export function secretFaults(manifests: Manifests, text: string): string[] {
  const made = new Set(
    [...text.matchAll(/"((?:storefront\/|AmazonMSK_|\/msk\/)[^"*]*)"/g)].flatMap(([, name = '']) =>
      kafkaUsers.map((user) => name.replace('${each.key}', user)),
    ),
  );
  const hasIdentities = manifests.of('SecretStore').length > 0;
  const lost = hasIdentities
    ? manifests.of('ServiceAccount').filter((each) => !text.includes(`namespace       = "${namespaceOf(each)}"`))
    : [];
  const unmade = manifests
    .of('ExternalSecret')
    .flatMap((secret) =>
      (specOf<{ data?: { remoteRef: { key: string } }[] }>(secret).data ?? []).flatMap(({ remoteRef: { key } }) =>
        made.has(key) ? [] : [`${nameOf(secret)}: infra/ makes no ${key}`],
      ),
    );
  return [...unmade, ...lost.map((each) => `${nameOf(each)}: infra/ gives nobody in its namespace an identity`)];
}

/**
 * Where Kafka knows services by IAM, Terraform must give an identity to the account of each pod that reads Kafka's settings,
 * and none to an account that no such pod has.
 */
export function identityFaults(manifests: Manifests, text: string): string[] {
  const settings = manifests.of('ConfigMap').filter(({ data }) => data?.['KAFKA_SASL_MECHANISM'] === 'AWS_MSK_IAM');
  if (settings.length === 0) return [];
  const names = new Set(settings.map(({ metadata }) => metadata.name));
  const has = manifests
    .workloads()
    .filter(({ pod }) =>
      pod.containers.some(({ envFrom = [] }) =>
        envFrom.some(({ configMapRef }) => names.has(configMapRef?.name ?? '')),
      ),
    )
    .map(({ manifest, pod }) => `${namespaceOf(manifest)}/${pod.serviceAccountName ?? 'default'}`);
  const given = identities(text);
  // of its own pods an overlay knows all; the operators that it relies on are not in it
  const namespaces = has.map((account) => account.split('/')[0]);
  const ours = given.filter((account) => namespaces.includes(account.split('/')[0]));
  return [
    ...has.filter((account) => !given.includes(account)).map((account) => `infra/ gives ${account} no identity`),
    ...ours.filter((account) => !has.includes(account)).map((account) => `${account} of infra/ is nobody`),
  ];
}

function identities(text: string): string[] {
  const bodies = [...text.matchAll(/"aws_eks_pod_identity_association" "\w+" \{\n([^]*?)^\}/gm)];
  return bodies.flatMap(([, body = '']) => {
    const [namespace, account = ''] = ['namespace', 'service_account'].map(
      (name) => new RegExp(`^ *${name} += "?([^"\n]*)"?$`, 'm').exec(body)?.[1],
    );
    const accounts = account === 'each.key' ? kafkaUsers : [account];
    return accounts.map((each) => `${namespace}/${each}`);
  });
}

function entries(text: string, block: string): [string, string[]][] {
  const body = new RegExp(`${block} += \\{\\n([^}]*)\\}`).exec(text)?.[1] ?? '';
  return [...body.matchAll(/^ *(\w+) *= \[(.*)\]$/gm)].map(([, name = '', list = '']) => [
    name,
    [...list.matchAll(/"([^"]+)"/g)].map(([, topic = '']) => topic),
  ]);
}

const thirtyDays = String(30 * 24 * 60 * 60 * 1000);

function topicsIn(text: string): KafkaSetup['topics'] {
  const body = / topics = \{\n([^}]*)\}/.exec(text)?.[1] ?? '';
  const partitions = Number(/partitions += (\d+)/.exec(text)?.[1]);
  return [...body.matchAll(/"([\w.]+)" += (?:"(-1)"|local\.month)/g)].map(([, name = '', forever]) => ({
    name,
    partitions,
    config: { 'cleanup.policy': 'delete', 'retention.ms': forever ?? thirtyDays },
  }));
}

/** Names by which Prometheus looks for exporters, which Terraform must give them. */
export function exporterFaults(manifests: Manifests, text: string): string[] {
  const [, kinds = '', , suffix = ''] =
    /"exporters" \{\s*for_each *= *\{([^}]*)\}[^]*?name *= *"_(\$\{each\.key\})([^"]+)"/.exec(text) ?? [];
  const made = [...kinds.matchAll(/(\w+) *=/g)].map(([, kind]) => `_${kind}${suffix}`);
  return manifests.of('ScrapeConfig').flatMap(
    (each) =>
      specOf<{ dnsSDConfigs?: { names: string[] }[] }>(each)
        .dnsSDConfigs?.flatMap(({ names }) => names)
        .flatMap((name) => (made.includes(name) ? [] : [`${nameOf(each)}: infra/ gives nobody the name ${name}`])) ??
      [],
  );
}
