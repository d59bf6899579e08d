import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customerChanges } from '@storefront/contracts';
import { mongo } from 'mongoose';
import { freePort } from '../../embedded/ports';
import { endProcess } from '../../embedded/processes';
import { startSystem, type ServiceName, type System } from '../../scripts/system';
import { ANY_PORTS } from '../../scripts/system-settings';
import { EnginesApart } from '../../test/system/engines-apart';
import type { Pids } from './cpu';
import { createYardstickTopics, startYardstick, topicOf, yardsticks } from './yardstick';

/** 100,000 customers, a copy of each, and 50,000 orders read at once. */
const STORE_HEAP_MB = 2_048;
const STOP_PATIENCE_MS = 16_000;

export type ContenderName = 'storefront' | 'floor' | 'nest-defaults';

/** Who does the same with a customer: takes him over HTTP, stores him, tells a topic, and keeps a copy. */
export interface Contender {
  readonly name: ContenderName;
  /** Of its Accounts. */
  readonly url: string;
  readonly pids: Pids;
  /** Where it tells of its customers. */
  readonly topic: string;
  readonly customers: mongo.Collection;
  readonly replicas: mongo.Collection;
  /** Returns once it has left. */
  stopOrders(): Promise<void>;
  /** Returns once it is ready. */
  startOrders(): Promise<void>;
}

export interface RigOptions {
  readonly yardsticks: boolean;
  /** Services that a profiler is let into. */
  readonly inspected?: readonly ServiceName[];
  readonly say: (line: string) => void;
}

interface Parts {
  readonly dataDir: string;
  /** Of the inspectors. */
  readonly ports: ReadonlyMap<ServiceName, number>;
  readonly engines: EnginesApart;
  readonly system: System;
  readonly store: mongo.MongoClient;
  readonly contenders: readonly Contender[];
  /** In the order in which they need each other. */
  readonly stops: readonly (() => Promise<void>)[];
}

/** Kafka and the store in a JVM each, and on them, at the same time, the storefront and its yardsticks. */
export class Rig {
  private constructor(private readonly parts: Parts) {}

  static async start({ yardsticks: withYardsticks, inspected = [], say }: RigOptions): Promise<Rig> {
    const dataDir = mkdtempSync(join(tmpdir(), 'storefront-bench-'));
    const logs = join(dataDir, 'logs');
    mkdirSync(logs);
    const engines = await EnginesApart.start(dataDir, { heapMb: STORE_HEAP_MB });
    const { brokers, mongoUri } = engines;
    const ports = new Map(await Promise.all(inspected.map(async (name) => [name, await freePort()] as const)));
    const services = [...ports].map(([name, port]) => [name, { nodeArgs: [`--inspect=127.0.0.1:${port}`] }]);
    const stops: (() => Promise<void>)[] = [() => engines.stop()];
    try {
      const system = await startSystem({
        env: {
          ...ANY_PORTS,
          KAFKA_BROKERS: brokers,
          MONGODB_URI: mongoUri,
          STOREFRONT_DATA_DIR: join(dataDir, 'system'),
          LOG_FORMAT: 'json',
        },
        services: Object.fromEntries(services),
        restart: false,
        silent: true,
        onProgress: say,
      });
      stops.unshift(() => system.stop());
      const store = await mongo.MongoClient.connect(mongoUri);
      stops.unshift(() => store.close());
      const contenders: Contender[] = [storefront(system, store)];
      if (withYardsticks) await createYardstickTopics(brokers);
      for (const name of withYardsticks ? yardsticks : []) {
        const yardstick = await startYardstick(name, { brokers, mongoUri, logs });
        stops.unshift(() => yardstick.stop());
        const of = (service: string) => store.db(`${name}-${service}`).collection('customers');
        contenders.push({
          name,
          ...yardstick,
          topic: topicOf[name],
          customers: of('accounts'),
          replicas: of('orders'),
        });
      }
      return new Rig({ dataDir, ports, engines, system, store, contenders, stops });
    } catch (error) {
      for (const stop of stops) await stop();
      throw error;
    }
  }

  get brokers(): string {
    return this.parts.engines.brokers;
  }

  get store(): mongo.MongoClient {
    return this.parts.store;
  }

  get system(): System {
    return this.parts.system;
  }

  get contenders(): readonly Contender[] {
    return this.parts.contenders;
  }

  get storefront(): Contender {
    const [first] = this.contenders;
    if (!first) throw new Error('There is no storefront.');
    return first;
  }

  /** The two engines, which all contenders share. */
  get enginePids(): Pids {
    return this.parts.engines.pids;
  }

  inspectorPort(service: ServiceName): number {
    const port = this.parts.ports.get(service);
    if (port === undefined) throw new Error(`${service} was not started with an inspector.`);
    return port;
  }

  pid(service: ServiceName): number {
    const { pid } = this.system.process(service);
    if (pid === undefined) throw new Error(`${service} does not run.`);
    return pid;
  }

  async stop(): Promise<void> {
    for (const stop of this.parts.stops) await stop();
    rmSync(this.parts.dataDir, { recursive: true, force: true });
  }
}

function storefront(system: System, store: mongo.MongoClient): Contender {
  const pid = (service: ServiceName) => system.process(service).pid ?? 0;
  return {
    name: 'storefront',
    url: system.urls.accounts,
    // also after one was started again
    get pids() {
      return { accounts: pid('accounts'), orders: pid('orders') };
    },
    topic: customerChanges.name,
    stopOrders: () => stopService(system, 'orders'),
    startOrders: () => system.restartService('orders'),
    customers: store.db('accounts').collection('customer.accounts'),
    replicas: store.db('orders').collection('customers'),
  };
}

/** SIGTERM; returns once it is gone. */
export async function stopService(system: System, name: ServiceName): Promise<void> {
  const { pid } = system.process(name);
  if (pid !== undefined) await endProcess(pid, STOP_PATIENCE_MS);
}
