import { type App, appFaults } from './environments';
import { services } from './services';

/** A container of compose.yaml, as `docker compose` would read it. */
export interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

const apps: readonly App[] = [...services, 'gateway'];
/** Where every app listens in a container. */
const port = 8080;

/** `${NAME:-default}` is the default, as on a machine where nothing is set. */
export function withDefaults(yaml: string): string {
  return yaml.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
}

/** The apps' environments, the ways between the containers, and that jobs and apps were given the same passwords. */
export function composeFaults(compose: Compose, prometheus: string): string[] {
  return [
    ...apps.flatMap((app) => {
      const environment = compose.services[app]?.environment;
      if (!environment) return [`compose has no ${app}`];
      return appFaults(app, asTexts(environment)).map((fault) => `compose, ${app}: ${fault}`);
    }),
    ...apps.flatMap((app) =>
      prometheus.includes(`'${app}:${port}'`) ? [] : [`compose: Prometheus does not ask ${app}:${port}`],
    ),
    ...upstreamFaults(compose),
    ...services.flatMap((service) => passwordFaults(compose, service)),
    ...Object.entries(compose.services).flatMap(([name, { image, ports = [] }]) => [
      ...(/:[\w.-]*\d[\w.-]*$/.test(image) ? [] : [`compose, ${name}: image ${image} has no version`]),
      ...ports.flatMap((each) =>
        each.startsWith('127.0.0.1:') ? [] : [`compose, ${name}: ${each} is open to others`],
      ),
    ]),
  ];
}

function upstreamFaults({ services: all }: Compose): string[] {
  return services.flatMap((service) => {
    const variable = `${service.toUpperCase()}_URL`;
    const url = all['gateway']?.environment?.[variable];
    return url === `http://${service}:${port}` ? [] : [`compose: the gateway's ${variable} is ${url}`];
  });
}

function passwordFaults({ services: all }: Compose, service: string): string[] {
  const own = all[service]?.environment ?? {};
  const pairs = [
    ['KAFKA_SASL_USERNAME', service, 'user in Kafka'],
    ['MONGODB_USERNAME', service, 'user in MongoDB'],
    [
      'KAFKA_SASL_PASSWORD',
      all['kafka-setup']?.environment?.[`${service.toUpperCase()}_KAFKA_PASSWORD`],
      'password in Kafka',
    ],
    [
      'MONGODB_PASSWORD',
      all['mongo-setup']?.environment?.[`${service.toUpperCase()}_MONGODB_PASSWORD`],
      'password in MongoDB',
    ],
  ] as const;
  return pairs.flatMap(([name, made, what]) =>
    own[name] === made ? [] : [`compose, ${service}: ${name} is not the ${what} that the job makes`],
  );
}

/** YAML's numbers and nothings as `docker compose` passes them on. */
function asTexts(environment: Readonly<Record<string, string | number | boolean | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]));
}
