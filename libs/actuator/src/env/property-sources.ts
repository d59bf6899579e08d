import { mask, masked, secretsIn } from './masking';

export interface Property {
  value: string;
  origin?: string;
}

export interface PropertySource {
  name: string;
  properties: Record<string, Property>;
}

export interface EnvironmentParts {
  /** What the process was started with. */
  variables: Readonly<Record<string, string | undefined>>;
  /** What the application made of it, defaults included. */
  settings: Readonly<Record<string, unknown>>;
  /** The port it listens on, once it does. */
  port?: number | undefined;
}

/** Where settings come from, the strongest source first. With `showValues` false nothing but names and origins is told; secrets never are. */
export function propertySources(
  { variables, settings, port }: EnvironmentParts,
  showValues: boolean,
): PropertySource[] {
  const given = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]])),
  );
  const secrets = secretsIn({ ...variables, ...given });
  const shown = (name: string, value: string): string => {
    const isFromFile = variables[`${name}_FILE`] !== undefined;
    return showValues && !isFromFile ? masked(name, value, secrets) : mask;
  };
  const source = (name: string, values: Record<string, string | undefined>, origin?: string): PropertySource => ({
    name,
    properties: Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) =>
        value === undefined
          ? []
          : [[key, { value: shown(key, value), ...(origin && { origin: `${origin} "${key}"` }) }]],
      ),
    ),
  });
  return [
    source('server.ports', { 'local.server.port': port?.toString(), 'server.port': port?.toString() }),
    source('systemProperties', systemProperties()),
    source('systemEnvironment', { ...variables }, 'System Environment Property'),
    source('applicationConfig', given, 'Setting'),
  ];
}

/** A name as it is, or as Spring finds it: `server.port` is `SERVER_PORT` too. */
export function propertyIn({ properties }: PropertySource, name: string): Property | undefined {
  const relaxed = name.replace(/[.]/g, '_').replace(/-/g, '').toUpperCase();
  const key = [name, relaxed].find((each) => Object.hasOwn(properties, each));
  return key === undefined ? undefined : properties[key];
}

function systemProperties(): Record<string, string> {
  const { node, v8, openssl } = process.versions;
  return {
    'node.version': node,
    'v8.version': v8,
    'openssl.version': openssl,
    'os.name': process.platform,
    'os.arch': process.arch,
    'user.dir': process.cwd(),
    'user.timezone': Intl.DateTimeFormat().resolvedOptions().timeZone,
    PID: String(process.pid),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
