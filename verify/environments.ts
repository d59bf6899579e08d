import { EnvironmentFaults, readEnvironment } from '@storefront/service';
import { z } from 'zod';
import { AccountsEnvironment } from '../apps/accounts/src/accounts.config';
import { FulfillmentEnvironment } from '../apps/fulfillment/src/fulfillment.config';
import { GatewayEnvironment } from '../apps/gateway/src/gateway.config';
import { OrdersEnvironment } from '../apps/orders/src/orders.config';
import { fetched } from './elsewhere';
import { type Manifest, type Manifests, nameOf, namespaceOf } from './manifests';
import { type Container, type KeyRef, podOf, type Volume } from './pods';
import { services } from './services';

const schemas = {
  accounts: AccountsEnvironment,
  orders: OrdersEnvironment,
  fulfillment: FulfillmentEnvironment,
  gateway: GatewayEnvironment,
} as const;

export type App = keyof typeof schemas;
export type Environment = Readonly<Record<string, string>>;

/** What the pods of the services are given, held against what the services read. */
export function environmentFaults(manifests: Manifests, shapes: Manifests): string[] {
  return services.flatMap((app) =>
    manifests.of('Deployment').flatMap((manifest) => {
      if (manifest.metadata.name !== app) return [];
      const values = environmentOf(manifest, manifests, shapes);
      return appFaults(app, values).map((fault) => `${nameOf(manifest)}: ${fault}`);
    }),
  );
}

/** Names that the app does not know, and what it would refuse at its start. */
export function appFaults(app: App, environment: Environment): string[] {
  const schema: z.ZodObject = schemas[app];
  const known = new Set(Object.entries(schema.shape).flatMap(([name, type]) => namesOf(name, type as z.ZodType)));
  return [
    ...Object.keys(environment).flatMap((name) =>
      known.has(relaxed(name)) || name.startsWith('OTEL_') ? [] : [`${app} does not know the variable ${name}`],
    ),
    ...refusals(schema, environment),
  ];
}

function refusals(schema: z.ZodObject, environment: Environment): readonly string[] {
  try {
    readEnvironment(schema, environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentFaults) return error.faults;
    throw error;
  }
}

function namesOf(name: string, type: z.ZodType): string[] {
  const alias: unknown = z.globalRegistry.get(type)?.['alias'] ?? [];
  const aliases = [alias].flat().filter((each): each is string => typeof each === 'string');
  return [name, `${name}_FILE`, ...aliases].map(relaxed);
}

/** As Spring finds settings, and so do we. */
function relaxed(name: string): string {
  return name.replace(/[-_.]/g, '').toUpperCase();
}

/** Returns what the first container of a workload is given. */
export function environmentOf(workload: Manifest, manifests: Manifests, shapes: Manifests): Environment {
  const { containers, volumes } = podOf(workload);
  const [container] = containers;
  return container ? variablesOf(container, new Values(manifests, shapes, namespaceOf(workload)), volumes) : {};
}

/** What a container is given, as far as it can be known here; of a variable that names a file of a Secret, what is in the file. */
export function variablesOf(container: Container, values: Values, volumes: readonly Volume[] = []): Environment {
  const { env = [], envFrom = [] } = container;
  const all: Record<string, string> = {};
  for (const { configMapRef } of envFrom) Object.assign(all, values.configMap(configMapRef?.name ?? ''));
  for (const { name, value, valueFrom } of env) {
    const found = value ?? values.of(valueFrom?.secretKeyRef, valueFrom?.configMapKeyRef);
    if (found !== undefined) all[name] = found;
  }
  for (const [name, path] of Object.entries(all).filter(([each]) => each.endsWith('_FILE'))) {
    const found = values.of(secretAt(path, container, volumes), undefined);
    if (found === undefined) continue;
    delete all[name];
    all[name.replace(/_FILE$/, '')] = found;
  }
  return all;
}

/** The key of a Secret that is mounted at a path. */
export function secretAt(
  path: string,
  { volumeMounts = [] }: Container,
  volumes: readonly Volume[],
): KeyRef | undefined {
  const mount = volumeMounts.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
  const { secretName, items } = volumes.find(({ name }) => name === mount?.name)?.secret ?? {};
  if (!mount || secretName === undefined) return undefined;
  const file = path.slice(mount.mountPath.length + 1);
  const key = items ? items.find((item) => item.path === file)?.key : file;
  return key === undefined ? undefined : { name: secretName, key };
}

/** What a person puts under a key where it has to have a form. */
const made: Environment = { keys: `first:${Buffer.alloc(32).toString('base64')}` };

export class Values {
  constructor(
    private readonly manifests: Manifests,
    private readonly shapes: Manifests,
    private readonly namespace: string,
  ) {}

  configMap(name: string): Environment {
    return this.manifests.find('ConfigMap', this.namespace, name)?.data ?? {};
  }

  of(secret: KeyRef | undefined, configMap: KeyRef | undefined): string | undefined {
    if (configMap) return this.configMap(configMap.name)[configMap.key];
    if (!secret) return undefined;
    const found =
      this.manifests.find('Secret', this.namespace, secret.name) ?? this.shapes.find('Secret', '', secret.name);
    if (found) return secretValue(found, secret.key);
    const external = this.manifests.find('ExternalSecret', this.namespace, secret.name);
    // made by Strimzi or by a person; without it a place goes on where it is optional
    return external ? fetched(external, secret.key) : (made[secret.key] ?? 'password');
  }
}

export function secretValue({ data = {}, stringData = {} }: Manifest, key: string): string | undefined {
  const encoded = data[key];
  return encoded === undefined ? stringData[key] : Buffer.from(encoded, 'base64').toString('utf8');
}
