import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admin, type SecuredKafka, startSecuredKafka } from '../../embedded/testing/secured-kafka';
import { ANY_PORTS, type ServiceName, startSystem, type System } from '../../scripts/system';
import { command, type Ended } from '../system/command';

const MECHANISM = 'SCRAM-SHA-512';

/** A Kafka that asks everybody who he is, and the commands and services that use it. */
export class SecuredStorefront {
  private system: System | undefined;

  private constructor(
    readonly kafka: SecuredKafka,
    private readonly dataDir: string,
  ) {}

  static async start(properties: Record<string, string> = {}): Promise<SecuredStorefront> {
    const dataDir = mkdtempSync(join(tmpdir(), 'storefront-secured-system-'));
    const logDirs = properties['log.dirs'] && { 'log.dirs': join(dataDir, properties['log.dirs']) };
    return new SecuredStorefront(await startSecuredKafka({ ...properties, ...logDirs }), dataDir);
  }

  get passwords(): string {
    return join(this.dataDir, 'passwords');
  }

  /** Runs a command as the cluster's administrator. */
  asAdministrator(script: string, ...args: string[]): Promise<Ended> {
    return this.as(admin.name, admin.password, script, ...args);
  }

  as(name: string, password: string, script: string, ...args: string[]): Promise<Ended> {
    return command(script, args, {
      KAFKA_BROKERS: this.kafka.sasl,
      KAFKA_SASL_MECHANISM: MECHANISM,
      KAFKA_SASL_USERNAME: name,
      KAFKA_SASL_PASSWORD: password,
    });
  }

  passwordOf(user: string): string {
    return readFileSync(join(this.passwords, user), 'utf8').trim();
  }

  /** All services, each with its own user; Fulfillment by the names that its Java original knew. */
  async startServices(): Promise<System> {
    const own = (user: ServiceName) => ({
      KAFKA_SASL_MECHANISM: MECHANISM,
      KAFKA_SASL_USERNAME: user,
      KAFKA_SASL_PASSWORD_FILE: join(this.passwords, user),
    });
    const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
    const java = {
      SPRING_KAFKA_PROPERTIES_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: MECHANISM,
      SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: `${login} username="fulfillment" password="${this.passwordOf('fulfillment')}";`,
    };
    this.system = await startSystem({
      restart: false,
      silent: true,
      onProgress: () => undefined,
      env: {
        ...ANY_PORTS,
        KAFKA_BROKERS: this.kafka.sasl,
        MONGODB_URI: undefined,
        STOREFRONT_DATA_DIR: join(this.dataDir, 'system'),
        KAFKA_SESSION_TIMEOUT_MS: '3000',
        MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
        LOG_FORMAT: 'json',
        LOG_LEVEL: 'debug',
      },
      services: {
        accounts: { env: own('accounts'), nodeArgs: [] },
        orders: { env: own('orders'), nodeArgs: [] },
        fulfillment: { env: java, nodeArgs: [] },
      },
    });
    return this.system;
  }

  /** Everything that all services have logged. */
  logs(): string {
    const folder = join(this.dataDir, 'system', 'logs');
    if (!existsSync(folder)) return '';
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
  }

  async stop(): Promise<void> {
    await this.system?.stop();
    await this.kafka.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
