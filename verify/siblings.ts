import { type Manifest, type Manifests, nameOf } from './manifests';
import { type Service, services } from './services';

/** Where the three differ on purpose: what they publish and read, the paths they have, how far they scale. */
const own: Readonly<Record<string, readonly string[]>> = {
  HorizontalPodAutoscaler: ['spec.maxReplicas'],
  AuthorizationPolicy: ['spec.rules.0.to'],
  KafkaUser: ['spec.authorization'],
  ScaledObject: ['spec.triggers'],
};

/** Accounts alone keeps card numbers. */
const ownVariables: readonly unknown[] = ['CARD_NUMBERS_KEY'];

function isOwnVariable(child: unknown): boolean {
  return typeof child === 'object' && child !== null && 'name' in child && ownVariables.includes(child.name);
}

/** kustomize adds a hash of what is in it to the names of the ConfigMaps and Secrets that it makes. */
const hash = /-[bcdfghjkmnpqrstvwxz2456789]{10}$/;

interface Sibling {
  readonly service: Service;
  readonly manifest: Manifest;
  /** `spec.replicas` → `2`, with the service's own name taken out. */
  readonly values: ReadonlyMap<string, string>;
}

/** The three services are deployed alike: what only one of them has, or lacks, or has otherwise, is a slip. */
export function siblingFaults(manifests: Manifests): string[] {
  const families = new Map<string, Sibling[]>();
  for (const manifest of manifests.all) {
    const member = memberOf(manifest);
    if (!member) continue;
    families.set(member.family, [...(families.get(member.family) ?? []), member.sibling]);
  }
  return [...families].flatMap(([family, members]) => familyFaults(family, members));
}

function memberOf(manifest: Manifest): { family: string; sibling: Sibling } | undefined {
  const { kind, metadata } = manifest;
  const name = metadata.name.replace(hash, '');
  const service = services.find((each) => name === each || name.startsWith(`${each}-`));
  if (!service) return undefined;
  // what is in a Secret is each one's own
  const told = kind === 'Secret' ? { ...manifest, data: Object.keys(manifest.data ?? {}) } : manifest;
  const values = new Map(valuesIn(told, service));
  for (const path of values.keys()) {
    if (own[kind]?.some((each) => path.startsWith(`${each}.`) || path === each)) values.delete(path);
  }
  const family = `${kind} ${metadata.namespace ?? ''}/${name.replace(service, '<service>')}`;
  return { family, sibling: { service, manifest, values } };
}

function valuesIn(value: unknown, service: Service, at = ''): [string, string][] {
  if (typeof value === 'object' && value !== null) {
    const members: object = Array.isArray(value) ? value.filter((child) => !isOwnVariable(child)) : value;
    return Object.entries(members)
      .filter(([key]) => !ownVariables.includes(key))
      .flatMap(([key, child]) => valuesIn(child, service, at ? `${at}.${neutral(key, service)}` : key));
  }
  return [[at, neutral(String(value), service)]];
}

function neutral(text: string, service: Service): string {
  return text.replace(hash, '').replace(new RegExp(`(?<![a-z])${service}(?![a-z])`, 'g'), '<service>');
}

function familyFaults(family: string, members: readonly Sibling[]): string[] {
  const missing = services.filter((each) => !members.some(({ service }) => service === each));
  const isWhole = missing.length === 0 || scalers.test(family);
  const paths = new Set(members.flatMap(({ values }) => [...values.keys()]));
  return [
    ...(isWhole ? [] : [`${family}: there is none of ${missing.join(' and ')}`]),
    ...[...paths].flatMap((path) => pathFaults(path, members)),
  ];
}

/** Who reads may be scaled on lag, who reads nothing is not: that each has one is asked elsewhere. */
const scalers = /^(HorizontalPodAutoscaler|ScaledObject|TriggerAuthentication) /;

function pathFaults(path: string, members: readonly Sibling[]): string[] {
  const counts = new Map<string | undefined, Sibling[]>();
  for (const member of members) {
    const value = member.values.get(path);
    counts.set(value, [...(counts.get(value) ?? []), member]);
  }
  if (counts.size === 1) return [];
  const [[usual] = []] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
  return members.flatMap(({ manifest, values }) => {
    const value = values.get(path);
    return value === usual
      ? []
      : [`${nameOf(manifest)}: ${path} is ${value ?? 'not there'}, with others ${usual ?? 'not there'}`];
  });
}
