import { readFileSync } from 'node:fs';
import { ServiceClient, type ServiceName } from '@storefront/reconcile';
import { namesEnvironment } from './kafka/environment-names';
import { runningOn, type SystemAccess } from './system-access';
import { dataDirOf, type Environment } from './system-settings';
import { WrongCall } from './wrong-call';

export type { ServiceName } from '@storefront/reconcile';

const PORTS: Record<ServiceName, number> = { accounts: 8085, orders: 8090, fulfillment: 8095 };
const names = Object.keys(PORTS) as ServiceName[];

const byItself = 'that of the npm start that runs on this folder';

/** Options of a command that asks the services. */
export const serviceOptions = {
  url: {
    type: 'string',
    multiple: true,
    takes: '<service>=<address>',
    says: `where accounts, orders or fulfillment is, itself, not the gateway; may come several times (…_URL, else ${byItself}, else http://127.0.0.1:8085, 8090, 8095)`,
  },
  user: {
    type: 'string',
    takes: '<name>',
    says: `management user (MANAGEMENT_USERNAME, else ${byItself}, else admin)`,
  },
  password: { type: 'string', takes: '<text>', says: `its password (MANAGEMENT_PASSWORD, else ${byItself})` },
} as const;

/** Option of a command that asks Kafka. */
export const brokersOption = {
  brokers: {
    type: 'string',
    takes: '<host:port>',
    says: `Kafka, several separated by commas (KAFKA_BROKERS, else ${byItself})`,
  },
} as const;

export const jsonOption = { json: { type: 'boolean', default: false, says: 'the answer as JSON' } } as const;
export const applyOption = {
  apply: { type: 'boolean', default: false, says: 'do it; without it the command only shows what it would do' },
} as const;

export const serviceEnvironment = {
  'ACCOUNTS_URL, ORDERS_URL, FULFILLMENT_URL': 'as --url',
  'MANAGEMENT_USERNAME, MANAGEMENT_PASSWORD': 'as --user and --password; MANAGEMENT_PASSWORD_FILE names a file',
  ...namesEnvironment,
  STOREFRONT_DATA_DIR:
    'where npm start keeps its data (.storefront): what runs on it is found by itself, unless another address is given',
} as const;

export const brokersEnvironment = {
  'KAFKA_BROKERS, KAFKA_SSL…, KAFKA_SASL_…':
    "how to reach the cluster: the services' own variables, see docs/security.md",
  ...namesEnvironment,
  STOREFRONT_DATA_DIR: serviceEnvironment.STOREFRONT_DATA_DIR,
} as const;

/** What the options say of where the system is and who asks. */
export interface Given {
  readonly url?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly brokers?: string | undefined;
}

/**
 * Where the services and Kafka are, and with which password: as the options say, else the environment, else the system that `npm start`
 * runs on this folder. That one is taken as a whole or not at all: a password of this machine is sent to no address of another one, and
 * services of one system are never compared with the topics of another.
 */
export class Access {
  private readonly urls: Partial<Record<ServiceName, string>>;
  private readonly running: SystemAccess | undefined;
  private readonly givenBrokers: string | undefined;
  /** Said where something is missing: why the system that runs here was not taken. */
  private readonly hint: string;

  constructor(
    private readonly given: Given,
    private readonly environment: Environment = process.env,
  ) {
    this.urls = urlsOf(given.url ?? [], environment);
    this.givenBrokers = given.brokers ?? (environment['KAFKA_BROKERS'] || undefined);
    const dataDir = dataDirOf(environment);
    const running = runningOn(dataDir);
    const other = running && this.otherAddress(running);
    this.running = other === undefined ? running : undefined;
    this.hint =
      other === undefined ? `no npm start runs on ${dataDir}` : `${other} is no address of the npm start on ${dataDir}`;
  }

  url(service: ServiceName): string {
    return this.urls[service] ?? this.running?.urls[service] ?? `http://127.0.0.1:${PORTS[service]}`;
  }

  get user(): string {
    const { user } = this.given;
    return user ?? (this.environment['MANAGEMENT_USERNAME'] || (this.running?.managementUsername ?? 'admin'));
  }

  /** Throws WrongCall where none is known. */
  get password(): string {
    const password =
      this.given.password ?? secret('MANAGEMENT_PASSWORD', this.environment) ?? this.running?.managementPassword;
    if (password) return password;
    throw new WrongCall(`There is no management password: give --password or MANAGEMENT_PASSWORD (${this.hint}).`);
  }

  /** Of Kafka; undefined where nobody says. */
  get brokers(): string | undefined {
    return this.givenBrokers ?? (this.running?.brokers || undefined);
  }

  /** Throws WrongCall where nobody says where Kafka is. */
  get neededBrokers(): string {
    if (this.brokers !== undefined) return this.brokers;
    throw new WrongCall(`Where is Kafka? Give --brokers or KAFKA_BROKERS (${this.hint}).`);
  }

  /** The MongoDB of the system that runs here; undefined where none does. */
  get mongoUri(): string | undefined {
    return this.running?.mongoUri;
  }

  client(service: ServiceName): ServiceClient {
    return new ServiceClient({ url: this.url(service), username: this.user, password: this.password });
  }

  /** The guarded endpoints of all services. */
  clients(): Record<ServiceName, ServiceClient> {
    return {
      accounts: this.client('accounts'),
      orders: this.client('orders'),
      fulfillment: this.client('fulfillment'),
    };
  }

  /** An address that was given and is not the running system's. */
  private otherAddress({ urls, brokers }: SystemAccess): string | undefined {
    const other = names.map((name) => [this.urls[name], urls[name]]).find(([given, own]) => given && given !== own);
    if (other) return other[0];
    return this.givenBrokers !== undefined && this.givenBrokers !== brokers ? this.givenBrokers : undefined;
  }
}

function urlsOf(given: readonly string[], environment: Environment): Partial<Record<ServiceName, string>> {
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const name of names) {
    const variable = `${name.toUpperCase()}_URL`;
    const value = environment[variable];
    if (value) urls[name] = addressOf(variable, value);
  }
  for (const each of given) {
    const [, service, address] = /^(\w+)=(.*)$/s.exec(each) ?? [];
    const name = names.find((known) => known === service);
    if (name === undefined)
      throw new WrongCall(
        `--url ${each}: one of ${names.map((known) => `${known}=<address>`).join(', ')} is expected.`,
      );
    urls[name] = addressOf('--url', address ?? '');
  }
  return urls;
}

/** The address without a slash at its end. Throws WrongCall. */
export function addressOf(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new WrongCall(`${name} ${text} is not an address such as http://127.0.0.1:8090.`);
  }
  return text.replace(/\/+$/, '');
}

/** The value of a variable, or what is in the file that <name>_FILE names. */
export function secret(name: string, environment: Environment): string | undefined {
  const file = environment[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : environment[name] || undefined;
}
