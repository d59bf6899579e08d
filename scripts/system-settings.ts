import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { freePort, isFree } from '../embedded/ports';
import { repositoryRoot } from '../embedded/repository';

export const SERVICES = ['accounts', 'orders', 'fulfillment', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];
export type Environment = Readonly<Record<string, string | undefined>>;

/** `management`: the guarded endpoints of the gateway, which are not at its own port. */
type Server = ServiceName | 'kafka' | 'mongodb' | 'management';

const PORTS: Record<Server, { variable: string; port: number }> = {
  kafka: { variable: 'KAFKA_PORT', port: 9092 },
  mongodb: { variable: 'MONGODB_PORT', port: 27_017 },
  accounts: { variable: 'ACCOUNTS_PORT', port: 8085 },
  orders: { variable: 'ORDERS_PORT', port: 8090 },
  fulfillment: { variable: 'FULFILLMENT_PORT', port: 8095 },
  gateway: { variable: 'GATEWAY_PORT', port: 8080 },
  management: { variable: 'GATEWAY_MANAGEMENT_PORT', port: 8079 },
};

/** A second system beside the first: every port any free one. */
export const ANY_PORTS: Environment = Object.fromEntries(Object.values(PORTS).map(({ variable }) => [variable, '0']));

export interface SystemSettings {
  readonly dataDir: string;
  readonly ports: Readonly<Record<Server, number>>;
  /** Servers of your own; an engine is started for each that is missing. */
  readonly brokers?: string;
  readonly mongoUri?: string;
  readonly managementUsername: string;
  readonly managementPassword: string;
  /** The key file of Accounts, in the data directory; undefined where the environment has a key. */
  readonly cardKeyFile?: string;
}

/** Where a system with this environment keeps its data: STOREFRONT_DATA_DIR, or .storefront in this folder. */
export function dataDirOf(environment: Environment): string {
  return resolve(repositoryRoot(), environment['STOREFRONT_DATA_DIR'] ?? '.storefront');
}

/** What `npm start` reads. Ports are checked by `takenPorts`, and are real ones here: 0 has been replaced. */
export async function readSettings(environment: Environment): Promise<SystemSettings> {
  const ports = {} as Record<Server, number>;
  for (const server of Object.keys(PORTS) as Server[]) ports[server] = await portFor(server, environment);
  const { KAFKA_BROKERS: brokers, MONGODB_URI: mongoUri } = environment;
  const dataDir = dataDirOf(environment);
  const hasCardKey = Boolean(environment['CARD_NUMBERS_KEY'] || environment['CARD_NUMBERS_KEY_FILE']);
  return {
    dataDir,
    ...(!hasCardKey && { cardKeyFile: join(dataDir, 'card-numbers.key') }),
    ports,
    ...(brokers ? { brokers } : {}),
    ...(mongoUri ? { mongoUri } : {}),
    managementUsername: environment['MANAGEMENT_USERNAME'] ?? 'admin',
    managementPassword: environment['MANAGEMENT_PASSWORD'] ?? randomBytes(9).toString('base64url'),
  };
}

async function portFor(server: Server, environment: Environment): Promise<number> {
  const { variable, port } = PORTS[server];
  const wanted = environment[variable];
  if (wanted === undefined || wanted === '') return port;
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) throw new Error(`${variable}=${wanted} is not a port.`);
  return wanted === '0' ? freePort() : Number(wanted);
}

/** One line for each port that somebody else has; those of engines that are not started do not matter. */
export async function takenPorts({ ports, brokers, mongoUri }: SystemSettings): Promise<string[]> {
  const lines: string[] = [];
  for (const server of Object.keys(PORTS) as Server[]) {
    if ((server === 'kafka' && brokers !== undefined) || (server === 'mongodb' && mongoUri !== undefined)) continue;
    const { variable } = PORTS[server];
    if (await isFree(ports[server])) continue;
    lines.push(
      `port ${ports[server]} (${variable}) is taken: end what uses it, or set ${variable} (0 = any free port)`,
    );
  }
  return lines;
}

/** The same server with the service's own database. */
export function databaseUri(mongoUri: string, database: string): string {
  const { scheme, servers, original, query } = partsOf(mongoUri);
  const options = query === '' ? [] : query.split('&');
  // who authenticates does so against the database that the address named, not against ours
  if (servers.includes('@') && !/(^|&)(authSource|authMechanism)=/.test(query)) {
    options.push(`authSource=${original === '' ? 'admin' : original}`);
  }
  return `${scheme}${servers}/${database}${options.length === 0 ? '' : `?${options.join('&')}`}`;
}

function partsOf(mongoUri: string): { scheme: string; servers: string; original: string; query: string } {
  const parts = /^(mongodb(?:\+srv)?:\/\/)([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(mongoUri);
  if (parts === null) throw new Error(`MONGODB_URI is not a MongoDB address: ${mongoUri.replace(/\/\/.*@/, '//…@')}`);
  const [, scheme = '', servers = '', original = '', query = ''] = parts;
  return { scheme, servers, original, query };
}

/** What a service is started with, over what this process was started with. */
export function serviceEnvironment(name: ServiceName, settings: SystemSettings & Servers): Record<string, string> {
  const { ports, managementUsername, managementPassword } = settings;
  const shared = {
    PORT: String(ports[name]),
    HOST: '127.0.0.1',
    MANAGEMENT_USERNAME: managementUsername,
    MANAGEMENT_PASSWORD: managementPassword,
  };
  if (name === 'gateway') {
    const address = (service: ServiceName) => `http://127.0.0.1:${ports[service]}`;
    return {
      ...shared,
      MANAGEMENT_SERVER_PORT: String(ports.management),
      ACCOUNTS_URL: address('accounts'),
      ORDERS_URL: address('orders'),
      FULFILLMENT_URL: address('fulfillment'),
    };
  }
  return {
    ...shared,
    KAFKA_BROKERS: settings.brokers,
    MONGODB_URI: databaseUri(settings.mongoUri, name),
    ...(name === 'accounts' && settings.cardKeyFile !== undefined && { CARD_NUMBERS_KEY_FILE: settings.cardKeyFile }),
  };
}

interface Servers {
  readonly brokers: string;
  readonly mongoUri: string;
}

export const entryOf = (name: ServiceName): string => join(repositoryRoot(), 'dist', 'apps', name, 'src', 'main.js');
