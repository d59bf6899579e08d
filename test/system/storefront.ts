import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engines, startEngines } from '../../embedded/engines';
import { ANY_PORTS, type ServiceName, startSystem, type System } from '../../scripts/system';
import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import { describeLane, differences, type Expected, unpublished } from './differences';
import { Stores } from './stores';
import { Topics } from './topics';

const killAt = ['--import', './libs/messaging/testing/kill-at.ts'];

export interface SettleOptions extends Expected {
  withinMs?: number;
  /** Lanes that must be there, and no others. */
  lanes?: readonly string[];
}

interface Parts {
  dataDir: string;
  system: System;
  stores: Stores;
  topics: Topics;
  /** Where the store has a JVM of its own. */
  storeEngine: Engines | undefined;
  /** What the system says of services that died. */
  lines: readonly string[];
}

/** The whole system on engines, ports and data of its own; what dies stays dead until it is started again. */
export class Storefront {
  /** Through the gateway. */
  readonly request: ReturnType<typeof httpClient>;
  readonly stores: Stores;
  readonly topics: Topics;

  private constructor(private readonly parts: Parts) {
    this.request = httpClient(parts.system.urls.gateway);
    this.stores = parts.stores;
    this.topics = parts.topics;
  }

  /** `apart`: Kafka and the store in two JVMs, so that one of them can be taken away. */
  static async start({ apart = false } = {}): Promise<Storefront> {
    const dataDir = mkdtempSync(join(tmpdir(), 'storefront-whole-'));
    const storeEngine = apart ? await startEngines({ dataDir: join(dataDir, 'store'), kafkaPort: false }) : undefined;
    const lines: string[] = [];
    const system = await startSystem({
      restart: false,
      silent: true,
      onProgress: (line) => lines.push(line),
      env: {
        ...ANY_PORTS,
        // not the engines that all specs share
        KAFKA_BROKERS: undefined,
        MONGODB_URI: storeEngine?.mongoUri,
        STOREFRONT_DATA_DIR: join(dataDir, 'system'),
        KAFKA_SESSION_TIMEOUT_MS: '3000',
        MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
        LOG_FORMAT: 'json',
      },
    });
    const [stores, topics] = [await Stores.open(system.mongoUri), new Topics(system.brokers)];
    const storefront = new Storefront({ dataDir, system, stores, topics, storeEngine, lines });
    // topics are there and led, consumers have joined
    await storefront.settled();
    return storefront;
  }

  get gatewayUrl(): string {
    return this.parts.system.urls.gateway;
  }

  url(service: ServiceName): string {
    return this.parts.system.urls[service];
  }

  /** What opens the guarded management endpoints. */
  get management(): { username: string; password: string } {
    const { managementUsername: username, managementPassword: password } = this.parts.system;
    return { username, password };
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

  /** A client of one service, past the gateway. */
  client(service: ServiceName): ReturnType<typeof httpClient> {
    return httpClient(this.parts.system.urls[service]);
  }

  /** Everything the service has logged, in all its lives. */
  log(service: ServiceName): string {
    return readFileSync(join(this.parts.system.dataDir, 'logs', `${service}.log`), 'utf8');
  }

  /** SIGKILL; returns when it is dead. */
  kill(service: ServiceName): Promise<void> {
    return this.parts.system.kill(service);
  }

  /** SIGTERM; returns how it ended. */
  async terminate(service: ServiceName): Promise<{ how: string; tookMs: number }> {
    const begin = performance.now();
    const { pid } = this.parts.system.process(service);
    if (pid === undefined) throw new Error(`${service} does not run.`);
    const end = this.end(service);
    process.kill(pid, 'SIGTERM');
    return { how: await end, tookMs: Math.round(performance.now() - begin) };
  }

  /** Starts it and waits until it takes requests; one that runs is stopped first. */
  restart(service: ServiceName): Promise<void> {
    return this.parts.system.restartService(service);
  }

  /** The same, but in this life it kills itself when it reaches the step for the n-th time: `dead` says how it ended. */
  async restartToDieAt(service: ServiceName, step: string, nth = 1): Promise<{ dead: Promise<string> }> {
    const env = { KILL_AT: step, KILL_AFTER: String(nth) };
    const dead = this.end(service);
    const ready = this.parts.system.restartService(service, { env, nodeArgs: killAt });
    // it may be dead before it was seen ready
    for (const either of [ready, dead]) void either.catch(() => undefined);
    await Promise.race([ready, dead]).catch(() => dead);
    return { dead };
  }

  /** The JVM with Kafka, or with both engines. */
  async killEngines(): Promise<void> {
    await this.parts.system.engines?.kill();
  }

  restartEngines(): Promise<void> {
    return this.parts.system.restartEngines();
  }

  async killStore(): Promise<void> {
    await this.parts.storeEngine?.kill();
  }

  async restartStore(): Promise<void> {
    const dataDir = join(this.parts.dataDir, 'store');
    const mongoPort = this.parts.storeEngine?.mongoPort;
    this.parts.storeEngine = await startEngines({ dataDir, kafkaPort: false, mongoPort });
  }

  /**
   * Waits until nothing is on its way any more and every copy is what its source is; returns how long that took, ms. What is
   * still wrong at the end is the error.
   */
  async settled({ withinMs = 40_000, lanes = [], ...expected }: SettleOptions = {}): Promise<number> {
    const begin = performance.now();
    const took = () => Math.round(performance.now() - begin);
    for (;;) {
      const wrong = await this.unsettled(lanes, expected);
      if (wrong.length === 0) return took();
      if (took() > withinMs) throw new Error(`not settled within ${withinMs} ms:\n${wrong.slice(0, 20).join('\n')}`);
      // asking costs more than the system's own work
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.stores.close(), this.topics.close()]);
    await this.parts.system.killAll();
    await this.killStore();
    rmSync(this.parts.dataDir, { recursive: true, force: true });
  }

  private async unsettled(lanes: readonly string[], expected: Expected): Promise<string[]> {
    try {
      const parked = (await this.stores.allLanes()).filter(({ _id }) => !lanes.includes(_id)).map(describeLane);
      const waiting = [...(await unpublished(this.stores)), ...parked];
      if (waiting.length > 0) return waiting;
      const lag = await this.lag();
      return lag.length > 0 ? lag : await differences(this.stores, expected);
    } catch (error) {
      return [String(error)]; // an engine that is not back yet
    }
  }

  /** Records that were delivered and not committed, one line a partition. */
  async lag(): Promise<string[]> {
    const orders = this.topics.lag('orders', ['accounts.customer.change', 'fulfillment.order.change']);
    const fulfillment = this.topics.lag('fulfillment', ['orders.order.fulfill']);
    return (await Promise.all([orders, fulfillment])).flat();
  }

  /** Its next end, as the system tells it: `exit code 0`, `SIGKILL`. */
  private async end(service: ServiceName): Promise<string> {
    const { lines } = this.parts;
    const from = lines.length;
    const told = () =>
      lines.slice(from).flatMap((line) => new RegExp(`^${service} died \\((.*)\\)`).exec(line)?.[1] ?? []);
    const [how = ''] = await eventually(told, (ends) => ends.length > 0, 30_000);
    return how;
  }
}
