import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceName, type ServiceOptions, startSystem, type System } from '../../scripts/system';
import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import type { Expected } from './differences';
import { EnginesApart, environmentOf, linked, type OwnOptions, services } from './engines-apart';
import { lag, unquiet } from './quiet';
import { SecondInstances } from './second-instances';
import { Stores } from './stores';
import { Topics } from './topics';

const killAt = ['--import', './libs/messaging/testing/kill-at.ts'];
const SECOND = '-2';

/** One process: `orders` is the first of its service, `orders-2` the second. */
export type Whom = ServiceName | `${ServiceName}-2`;

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
export class Storefront {
  /** Through the gateway. */
  readonly request: ReturnType<typeof httpClient>;
  readonly stores: Stores;
  readonly topics: Topics;
  /** How often a service was started again. */
  restarts = 0;
  /** Ends that somebody asked for. */
  private readonly asked: string[] = [];

  private constructor(private readonly parts: Parts) {
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

  /** Every process of the three services. */
  get instances(): Whom[] {
    return this.parts.second ? services.flatMap((name): Whom[] => [name, `${name}-2`]) : [...services];
  }

  get engines(): EnginesApart {
    if (!this.parts.apart) throw new Error('The engines are not apart.');
    return this.parts.apart;
  }

  get dataDir(): string {
    return this.parts.dataDir;
  }

  url(whom: Whom): string {
    const { name, of } = this.processOf(whom);
    return of.urls[name];
  }

  pid(whom: Whom): number | undefined {
    const { name, of } = this.processOf(whom);
    return of.process(name).pid;
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

  /** A client of one process, past the gateway. */
  client(whom: Whom): ReturnType<typeof httpClient> {
    return httpClient(this.url(whom));
  }

  /** Everything the process has logged, in all its lives. */
  log(whom: Whom): string {
    return readFileSync(join(this.parts.system.dataDir, 'logs', `${whom}.log`), 'utf8');
  }

  /** SIGKILL; returns when it is dead. */
  async kill(whom: Whom): Promise<void> {
    const { name, of } = this.processOf(whom);
    if (of.process(name).pid !== undefined) this.asked.push(whom);
    await of.kill(name);
  }

  /** Any signal that does not end it. */
  signal(whom: Whom, signal: 'SIGSTOP' | 'SIGCONT'): void {
    const pid = this.pid(whom);
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** SIGTERM; returns how it ended. */
  async terminate(whom: Whom): Promise<{ how: string; tookMs: number }> {
    const begin = performance.now();
    const pid = this.pid(whom);
    if (pid === undefined) throw new Error(`${whom} does not run.`);
    const end = this.end(whom);
    process.kill(pid, 'SIGTERM');
    return { how: await end, tookMs: Math.round(performance.now() - begin) };
  }

  /** Starts it and waits until it takes requests; one that runs is stopped first. In this one life it may have other options. */
  async restart(whom: Whom, instead?: ServiceOptions): Promise<void> {
    this.restarts++;
    const { name, of } = this.processOf(whom);
    await of.restartService(name, instead && { nodeArgs: [], ...instead });
  }

  /** The same, but in this life it kills itself when it reaches the step for the n-th time: `dead` says how it ended. */
  async restartToDieAt(whom: Whom, step: string, nth = 1): Promise<{ dead: Promise<string> }> {
    this.restarts++;
    const { name, of } = this.processOf(whom);
    const own = this.parts.options.services?.[name];
    const env = { ...own?.env, KILL_AT: step, KILL_AFTER: String(nth) };
    const dead = this.end(whom);
    const ready = of.restartService(name, { env, nodeArgs: [...(own?.nodeArgs ?? []), ...killAt] });
    // it may be dead before it was seen ready
    for (const either of [ready, dead]) void either.catch(() => undefined);
    await Promise.race([ready, dead]).catch(() => dead);
    return { dead };
  }

  /** What was stopped goes on, what is dead lives, and the links carry everything. */
  async heal(): Promise<void> {
    this.parts.apart?.heal({ halfOpenRemain: true });
    for (const whom of this.instances) this.signal(whom, 'SIGCONT');
    const dead = this.instances.filter((whom) => this.pid(whom) === undefined && this.asked.includes(whom));
    await Promise.all(dead.map((whom) => this.restart(whom)));
  }

  /** Services that ended although nobody asked them to, as the system told it. */
  get unaskedEnds(): string[] {
    const left = [...this.asked];
    return this.parts.lines.filter((line) => {
      const whom = /^(\S+) died/.exec(line)?.[1];
      const index = whom === undefined ? 0 : left.indexOf(whom);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
  }

  /**
   * Waits until nothing is on its way any more and every copy is what its source is; returns how long that took, ms. What is
   * still wrong at the end is the error.
   */
  async settled({ withinMs = 40_000, lanes = [], onWait, ...expected }: SettleOptions = {}): Promise<number> {
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

  private processOf(whom: Whom): { name: ServiceName; of: System | SecondInstances } {
    const isSecond = whom.endsWith(SECOND);
    const name = (isSecond ? whom.slice(0, -SECOND.length) : whom) as ServiceName;
    const of = isSecond ? this.parts.second : this.parts.system;
    if (!of) throw new Error(`There is no ${whom}.`);
    return { name, of };
  }

  /** Its next end, as the system tells it: `exit code 0`, `SIGKILL`. */
  private async end(whom: Whom): Promise<string> {
    const { lines } = this.parts;
    const from = lines.length;
    this.asked.push(whom);
    const told = () =>
      lines.slice(from).flatMap((line) => new RegExp(`^${whom} died \\((.*)\\)`).exec(line)?.[1] ?? []);
    const [how = ''] = await eventually(told, (ends) => ends.length > 0, 30_000);
    return how;
  }
}
