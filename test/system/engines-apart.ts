import { join } from 'node:path';
import { type Engines, type EnginesOptions, startEngines } from '../../embedded/engines';
import { freePort } from '../../embedded/ports';
import type { ServiceName, ServiceOptions } from '../../scripts/system';
import { ANY_PORTS, databaseUri } from '../../scripts/system-settings';
import { FaultyLink } from './faulty-link';

export const services = ['accounts', 'orders', 'fulfillment'] as const;
export type Service = (typeof services)[number];

/** How one service, with all its instances, reaches the engines. */
export interface Links {
  readonly kafka: FaultyLink;
  readonly store: FaultyLink;
}

/** Kafka and the store in a JVM each, so that one of them can be taken away, and every service on wires of its own. */
export class EnginesApart {
  private constructor(
    private readonly options: { readonly kafka: EnginesOptions; readonly store: EnginesOptions },
    private readonly running: { kafka: Engines; store: Engines },
    readonly links: Readonly<Record<Service, Links>>,
  ) {}

  /** `heapMb`: of the store, where the JVM's own is too small for what it is to hold. */
  static async start(dataDir: string, { heapMb }: Pick<EnginesOptions, 'heapMb'> = {}): Promise<EnginesApart> {
    const ports = { kafka: await freePort(), store: await freePort() };
    const doors = await Promise.all(services.map(() => freePort()));
    const wires = await Promise.all(doors.map((port) => FaultyLink.to({ engine: 'kafka', port })));
    const toStore = await Promise.all(services.map(() => FaultyLink.to({ engine: 'store', port: ports.store })));
    const linksOf = (index: number) => ({ kafka: wires[index], store: toStore[index] }) as Links;
    const kafka: EnginesOptions = {
      dataDir: join(dataDir, 'kafka'),
      kafkaPort: ports.kafka,
      mongoPort: false,
      kafkaListeners: wires.map((wire, index) => ({ port: doors[index] ?? 0, advertisedPort: wire.port })),
    };
    const store: EnginesOptions = {
      dataDir: join(dataDir, 'store'),
      kafkaPort: false,
      mongoPort: ports.store,
      ...(heapMb !== undefined && { heapMb }),
    };
    const [ofKafka, ofStore] = await Promise.all([startEngines(kafka), startEngines(store)]);
    return new EnginesApart(
      { kafka, store },
      { kafka: ofKafka, store: ofStore },
      {
        accounts: linksOf(0),
        orders: linksOf(1),
        fulfillment: linksOf(2),
      },
    );
  }

  /** As nobody but the harness reaches them: past the links. */
  get brokers(): string {
    return this.running.kafka.brokers ?? '';
  }

  get mongoUri(): string {
    return this.running.store.mongoUri ?? '';
  }

  get pids(): { kafka: number; store: number } {
    return { kafka: this.running.kafka.pid, store: this.running.store.pid };
  }

  /** What a service is told, so that it takes its links. */
  environment(service: Service): Record<string, string> {
    const { kafka, store } = this.links[service];
    return {
      KAFKA_BROKERS: `127.0.0.1:${kafka.port}`,
      MONGODB_URI: databaseUri(`mongodb://127.0.0.1:${store.port}`, service),
    };
  }

  kill(engine: 'kafka' | 'store'): Promise<void> {
    return this.running[engine].kill();
  }

  /** On the same ports and data. */
  async restart(engine: 'kafka' | 'store'): Promise<void> {
    this.running[engine] = await startEngines(this.options[engine]);
  }

  /** `halfOpenRemain`: what was silenced stays so, and only its own time-out ends it. */
  heal({ halfOpenRemain = false } = {}): void {
    const links = Object.values(this.links).flatMap(({ kafka, store }) => [kafka, store]);
    for (const link of links) link.heal({ halfOpenRemain });
  }

  /** The outcome of what is started on these engines; they stop when it fails, or they would keep this process from ending. */
  async neededBy<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.kill('kafka'), this.kill('store')]);
    const links = Object.values(this.links).flatMap(({ kafka, store }) => [kafka, store]);
    await Promise.all(links.map((link) => link.close()));
  }
}

export type OwnOptions = Partial<Record<ServiceName, ServiceOptions>>;

/** What the caller wants of single services, over the links that are theirs. */
export function linked(own: OwnOptions | undefined, apart: EnginesApart | undefined): OwnOptions {
  if (!apart) return own ?? {};
  const over = services.map((name): [Service, ServiceOptions] => [
    name,
    { ...own?.[name], env: { ...apart.environment(name), ...own?.[name]?.env } },
  ]);
  return { ...own, ...(Object.fromEntries(over) as OwnOptions) };
}

/** What all services of a system under test are told. */
export function environmentOf(dataDir: string, apart: EnginesApart | undefined) {
  return {
    ...ANY_PORTS,
    // not the engines that all specs share
    KAFKA_BROKERS: apart?.brokers,
    MONGODB_URI: apart?.mongoUri,
    STOREFRONT_DATA_DIR: join(dataDir, 'system'),
    KAFKA_SESSION_TIMEOUT_MS: '3000',
    MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
    LOG_FORMAT: 'json',
  };
}
