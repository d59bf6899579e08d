import { allTopics, consumedBy } from '@storefront/contracts';
import { type Manifests, specOf } from './manifests';
import { type Service, services } from './services';

/** `Read topic orders.order.fulfill`: one thing that a user may do. */
type Right = string;

/** A topic as somebody makes it. */
export interface MadeTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** What a cluster is set up with: users with their rights, and topics. */
export interface KafkaSetup {
  readonly users: ReadonlyMap<string, ReadonlySet<Right>>;
  readonly topics: readonly MadeTopic[];
}

interface Acl {
  readonly resource: { readonly type: string; readonly name?: string; readonly patternType?: string };
  readonly operations: readonly string[];
}

/** The users that Strimzi makes; empty where Kafka is somebody else's. */
export function strimziSetup(manifests: Manifests): KafkaSetup {
  const users = manifests.of('KafkaUser').map((user): [string, Set<Right>] => {
    const { authorization } = specOf<{ authorization: { acls: Acl[] } }>(user);
    const rights = authorization.acls.flatMap(({ resource, operations }) =>
      operations.map(
        (operation) =>
          `${operation} ${resource.type} ${resource.name ?? ''}${resource.patternType === 'prefix' ? '*' : ''}`,
      ),
    );
    return [user.metadata.name, new Set(rights)];
  });
  const made = manifests.of('KafkaTopic').map((topic) => {
    const { partitions, config } = specOf<{ partitions: number; config: Record<string, unknown> }>(topic);
    const texts = Object.entries(config).map(([key, value]) => [key, String(value)]);
    return { name: topic.metadata.name, partitions, config: Object.fromEntries(texts) as Record<string, string> };
  });
  return { users: new Map(users), topics: made };
}

/** The users that compose/kafka/setup.sh makes, read from its last lines: one call a line. */
export function scriptSetup(script: string): KafkaSetup {
  const users = new Map<string, Set<Right>>();
  const made: MadeTopic[] = [];
  const partitions = Number(/--partitions (\d+)/.exec(script)?.[1]);
  const policy = /cleanup\.policy=(\w+)/.exec(script)?.[1] ?? '';
  for (const line of script.split('\n')) {
    const [verb = '', name = '', what = ''] = line.split(' ');
    const rights = users.get(name) ?? new Set();
    if (verb === 'user') users.set(name, rights);
    if (verb === 'topic') made.push({ name, partitions, config: { 'cleanup.policy': policy, 'retention.ms': what } });
    for (const operation of scriptOperations[verb] ?? []) {
      rights.add(verb === 'in_group' ? `Read group ${name}` : `${operation} topic ${what}`);
    }
  }
  return { users, topics: made };
}

const scriptOperations: Readonly<Record<string, readonly string[]>> = {
  publishes: ['Write', 'Describe'],
  reads: ['Read', 'Describe', 'DescribeConfigs'],
  in_group: ['Read'],
};

/** A user a service with the least rights, and the topics as the contracts have them. */
export function kafkaFaults({ users, topics: made }: KafkaSetup): string[] {
  return [...userFaults(users), ...topicFaults(made)];
}

export function userFaults(users: KafkaSetup['users']): string[] {
  return [
    ...services.flatMap((service) => rightsFaults(service, users.get(service))),
    ...[...users].flatMap(([user, rights]) =>
      services.some((each) => each === user) ? [] : visitorFaults(user, rights),
    ),
  ];
}

function rightsFaults(service: Service, rights: ReadonlySet<Right> | undefined): string[] {
  if (!rights) return [`Kafka has no user ${service}`];
  const needed = rightsOf(service);
  return [
    ...[...needed].flatMap((right) => (rights.has(right) ? [] : [`Kafka's user ${service} may not ${right}`])),
    ...[...rights].flatMap((right) =>
      needed.has(right) ? [] : [`Kafka's user ${service} needs no right to ${right}`],
    ),
  ];
}

/** What the commands do besides looking: they read in groups of their own, and set back the group of Orders. */
const toolboxRights = /^(Read|Delete) group storefront-reconcile-\*$|^Read group orders$/;

/** Tools may look at everything, and change nothing. */
function visitorFaults(user: string, rights: ReadonlySet<Right>): string[] {
  return [...rights].flatMap((right) =>
    /^(Describe|DescribeConfigs) |^Read topic /.test(right) || (user === 'toolbox' && toolboxRights.test(right))
      ? []
      : [`Kafka's user ${user} needs no right to ${right}`],
  );
}

function rightsOf(service: Service): Set<Right> {
  const published = allTopics.filter(({ source }) => source === `/${service}`);
  const consumed: readonly { readonly name: string }[] = consumedBy[service];
  return new Set([
    ...published.flatMap(({ name }) => [`Write topic ${name}`, `Describe topic ${name}`]),
    ...consumed.flatMap(({ name }) => [
      `Read topic ${name}`,
      `Describe topic ${name}`,
      `DescribeConfigs topic ${name}`,
    ]),
    ...(consumed.length > 0 ? [`Read group ${service}`] : []),
  ]);
}

export function topicFaults(made: readonly MadeTopic[]): string[] {
  const names = new Set<string>(allTopics.map(({ name }) => name));
  return [
    ...made.flatMap(({ name }) => (names.has(name) ? [] : [`nobody knows the topic ${name}`])),
    ...allTopics.flatMap(({ name, partitions, configEntries }) => {
      const found = made.find((each) => each.name === name);
      if (!found) return [`Kafka has no topic ${name}`];
      const differing = Object.entries(configEntries).filter(([key, value]) => found.config[key] !== value);
      return [
        ...(found.partitions === partitions
          ? []
          : [`topic ${name} has ${found.partitions} partitions, not ${partitions}`]),
        ...differing.map(([key, value]) => `topic ${name} has ${key} ${found.config[key]}, not ${value}`),
      ];
    }),
  ];
}
