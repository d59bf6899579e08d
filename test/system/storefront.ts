import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem, type System } from '../../scripts/system';
import { httpClient } from '../http-client';
import type { Expected } from './differences';
import { EnginesApart, environmentOf, linked, type OwnOptions } from './engines-apart';
import { Processes } from './processes';
import { lag, unquiet } from './quiet';
import { SecondInstances } from './second-instances';
import { Stores } from './stores';
import { Topics } from './topics';

export interface StorefrontOptions {
  /** Kafka and the store in two JVMs, so that one of them can be taken away, reached over links that can fail. */
  apart?: boolean;
  /** Two instances of every service. */
  second?: boolean;
  /** Hooks and settings of single services, in all their lives. */
  services?: OwnOptions;
}

export interface SettleOptions extends Expected {
  withinMs?: number;
  /** Lanes that must be there, and no others. */
  lanes?: readonly string[];
  /** Told again and again what is still wrong, and after how many ms. */
  onWait?: (wrong: readonly string[], afterMs: number) => void;
}

interface Parts {
  dataDir: string;
  system: System;
  stores: Stores;
  topics: Topics;
  apart: EnginesApart | undefined;
  second: SecondInstances | undefined;
  options: StorefrontOptions;
  /** What the system says of services that died. */
  lines: string[];
}

/** The whole system on engines, ports and data of its own; what dies stays dead until it is started again. */
export class Storefront extends Processes {
  /** Through the gateway. */
  readonly request: ReturnType<typeof httpClient>;
  readonly stores: Stores;
  readonly topics: Topics;

  private constructor(private readonly parts: Parts) {
    super({ ...parts, services: parts.options.services });
    this.request = httpClient(parts.system.urls.gateway);
    this.stores = parts.stores;
    this.topics = parts.topics;
  }

  static async start(options: StorefrontOptions = {}): Promise<Storefront> {
    const dataDir = mkdtempSync(join(tmpdir(), 'storefront-whole-'));
    const apart = options.apart ? await EnginesApart.start(dataDir) : undefined;
    const lines: string[] = [];
    const onProgress = (line: string) => void lines.push(line);
    const env = environmentOf(dataDir, apart);
    const shared = { env, services: linked(options.services, apart), onProgress };
    const starting = startSystem({ restart: false, silent: true, ...shared });
    const system = await (apart?.neededBy(starting) ?? starting);
    const second = options.second ? await SecondInstances.start({ system, ...shared }) : undefined;
    const [stores, topics] = [await Stores.open(system.mongoUri), new Topics(system.brokers)];
    const storefront = new Storefront({ dataDir, system, stores, topics, apart, second, options, lines });
    // topics are there and led, consumers have joined
    await storefront.settled();
    return storefront;
  }

  /** One for each gateway. */
  get gatewayUrls(): string[] {
    return [this.parts.system, this.parts.second].flatMap((of) => of?.urls.gateway ?? []);
  }

  get gatewayUrl(): string {
    return this.url('gateway');
  }

  get engines(): EnginesApart {
    if (!this.parts.apart) throw new Error('The engines are not apart.');
    return this.parts.apart;
  }

  get dataDir(): string {
    return this.parts.dataDir;
  }

  /** Where the system keeps its data: STOREFRONT_DATA_DIR of its start. */
  get systemDataDir(): string {
    return this.parts.system.dataDir;
  }

  /** What opens the guarded management endpoints. */
  get management(): { username: string; password: string } {
    const { managementUsername: username, managementPassword: password } = this.parts.system;
    return { username, password };
  }

  /** The database of Orders. */
  get ordersDatabase(): string {
    const uri = new URL(this.parts.system.mongoUri);
    uri.pathname = '/orders';
    return uri.href;
  }

  /** Where the guarded management endpoints of the gateway are. */
  get gatewayManagementUrl(): string {
    return this.parts.system.managementUrl;
  }

  /** What a command line for operators needs to know. */
  get operations(): Record<string, string> {
    const { urls, brokers, managementUsername, managementPassword } = this.parts.system;
    return {
      ACCOUNTS_URL: urls.accounts,
      ORDERS_URL: urls.orders,
      FULFILLMENT_URL: urls.fulfillment,
      KAFKA_BROKERS: brokers,
      MANAGEMENT_USERNAME: managementUsername,
      MANAGEMENT_PASSWORD: managementPassword,
    };
  }

  /** What was stopped goes on, what was killed lives, and the links carry everything. */
  override async heal(): Promise<void> {
    this.parts.apart?.heal({ halfOpenRemain: true });
    await super.heal();
  }

  /**
   * Waits until nothing is on its way any more and every copy is what its source is; returns how long that took, ms. What is
   * still wrong at the end is the error.
   */
  async settled({ withinMs = 120_000, lanes = [], onWait, ...expected }: SettleOptions = {}): Promise<number> {
    const begin = performance.now();
    const took = () => Math.round(performance.now() - begin);
    for (;;) {
      const wrong = await unquiet(this, lanes, expected);
      if (wrong.length === 0) return took();
      if (took() > withinMs) throw new Error(`not settled within ${withinMs} ms:\n${wrong.slice(0, 20).join('\n')}`);
      onWait?.(wrong, took());
      // asking costs more than the system's own work
      await sleep(100);
    }
  }

  lag(): Promise<string[]> {
    return lag(this.topics);
  }

  async stop(): Promise<void> {
    const { system, second, apart, dataDir } = this.parts;
    await Promise.all([this.stores.close(), this.topics.close(), second?.killAll()]);
    await system.killAll();
    await apart?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
