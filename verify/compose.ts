import { asTexts, type Compose } from './compose-file';
import { composeWiringFaults } from './compose-wiring';
import { type App, appFaults } from './environments';
import { Manifests } from './manifests';
import { longestDrainSeconds } from './policies';
import { services } from './services';
import { containerFaults } from './shapes/shape-faults';
import { siblingFaults } from './siblings';

const apps: readonly App[] = [...services, 'gateway'];
/** Where every app listens in a container. */
const port = 8080;

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
    ...apps.flatMap((app) => imageFaults(app, compose)),
    ...administratorFaults(compose),
    ...composeWiringFaults(compose),
    ...Object.entries(compose.services).flatMap(([name, container]) =>
      containerFaults(name, container).map((fault) => `compose, ${name}: ${fault}`),
    ),
    ...siblingFaults(asSiblings(compose)).map((fault) => `compose, ${fault}`),
    ...versionFaults(compose),
    ...services.flatMap((service) => passwordFaults(compose, service)),
    ...Object.entries(compose.services).flatMap(([name, { image, ports = [] }]) => [
      ...(/^localhost\/|:[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image)
        ? []
        : [`compose, ${name}: image ${image} has no version`]),
      ...ports.flatMap((each) =>
        each.startsWith('127.0.0.1:') ? [] : [`compose, ${name}: ${each} is open to others`],
      ),
    ]),
  ];
}

/** The services, but for where each is on the laptop. */
function asSiblings(compose: Compose): Manifests {
  return new Manifests(
    services.map((name) => {
      const { ports, ...spec } = compose.services[name] ?? { image: 'none' };
      return { apiVersion: 'compose', kind: 'container', metadata: { name }, spec: { ...spec, ports: ports?.length } };
    }),
  );
}

/** A job is of its server's version. */
function versionFaults({ services: all }: Compose): string[] {
  const jobs = { 'mongo-key': 'mongo', 'mongo-setup': 'mongo', 'kafka-setup': 'kafka' };
  return Object.entries(jobs).flatMap(([job, server]) =>
    all[job]?.image === all[server]?.image ? [] : [`compose, ${job}: it is of another version than ${server}`],
  );
}

/** What is ours runs as in a cluster: nothing to write, no capabilities, and with the time it takes to drain. */
function imageFaults(app: App, { services: all }: Compose): string[] {
  const { image, build, stop_grace_period: grace = '10s', ...its } = all[app] ?? { image: 'none' };
  const conditions: readonly (readonly [boolean, string])[] = [
    // a name that no registry has: what is not built here cannot be fetched
    [image !== `localhost/storefront/${app}:local`, `its image is ${image}, not localhost/storefront/${app}:local`],
    [build?.args['APP'] !== app, `${build?.args['APP']} is built as ${app}`],
    [its.read_only !== true, 'a read-only root is expected'],
    [its.cap_drop?.join() !== 'ALL', 'all capabilities are to be dropped'],
    [!its.security_opt?.includes('no-new-privileges:true'), 'no-new-privileges is expected'],
    [
      Number.parseInt(grace, 10) <= longestDrainSeconds,
      `a stop_grace_period of more than ${longestDrainSeconds}s is expected`,
    ],
  ];
  return conditions.flatMap(([holds, text]) => (holds ? [`compose, ${app}: ${text}`] : []));
}

/** Administrators' passwords, in whatever holds them. */
function administratorFaults({ services: all }: Compose): string[] {
  const of = (name: string, variable: string) => all[name]?.environment?.[variable] ?? '';
  const [mongo, kafka] = [of('mongo', 'MONGO_INITDB_ROOT_PASSWORD'), of('kafka-setup', 'KAFKA_ADMIN_PASSWORD')];
  const internal = of('kafka', 'KAFKA_LISTENER_NAME_INTERNAL_PLAIN_SASL_JAAS_CONFIG');
  const [login, known] = [`username="admin" password="${kafka}"`, `user_admin="${kafka}"`];
  const conditions: readonly (readonly [boolean, string])[] = [
    [of('mongo-setup', 'MONGODB_ROOT_PASSWORD') !== mongo, "mongo-setup: not the administrator's password"],
    [
      !of('mongo-express', 'ME_CONFIG_MONGODB_URL').includes(`//root:${mongo}@`),
      "mongo-express: not the administrator's password",
    ],
    [of('mongo', 'MONGO_INITDB_ROOT_USERNAME') !== 'root', "mongo: the administrator's name is root"],
    [!internal.includes(login) || !internal.includes(known), "kafka: not the administrator's password"],
    [
      of('kafka', 'KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG') !== internal,
      'kafka: the controller has another administrator',
    ],
    [
      !of('kafka-ui', 'KAFKA_CLUSTERS_0_PROPERTIES_SASL_JAAS_CONFIG').includes(login),
      "kafka-ui: not the administrator's password",
    ],
  ];
  return conditions.flatMap(([holds, text]) => (holds ? [`compose, ${text}`] : []));
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
