import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engines } from '../embedded/engines';
import type { Lock } from '../embedded/lock';
import { repositoryRoot } from '../embedded/repository';
import { ServiceProcess } from './service-process';
import { forgetRunning, noteRunning } from './system-access';
import { SupervisedEngines } from './supervised-engines';
import type { ServiceOptions, System, SystemOptions } from './system';
import { entryOf, type Environment, SERVICES, serviceEnvironment, type ServiceName } from './system-settings';
import type { SystemSettings } from './system-settings';

// together less than the 15 s that a stop may take
const GATEWAY_STOP_MS = 2_000;
const SERVICES_STOP_MS = 12_000;
const ENGINES_STOP_MS = 2_500;

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

interface Parts {
  readonly settings: SystemSettings;
  readonly environment: Environment;
  readonly options: SystemOptions;
  /** The data directory, until everything has ended. */
  readonly owned: Lock;
}

/** Starts and stops the parts in the order in which they need each other. */
export class RunningSystem implements System {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly managementUrl: string;
  private readonly settings: SystemSettings;
  private readonly environment: Environment;
  private readonly options: SystemOptions;
  private readonly owned: Lock;
  private readonly services = new Map<ServiceName, ServiceProcess>();
  private readonly supervised: SupervisedEngines | undefined;
  private stopping: Promise<void> | undefined;
  private isReleased = false;

  constructor({ settings, environment, options, owned }: Parts) {
    this.settings = settings;
    this.environment = environment;
    this.options = options;
    this.owned = owned;
    const { ports } = settings;
    this.urls = {
      accounts: urlOf(ports.accounts),
      orders: urlOf(ports.orders),
      fulfillment: urlOf(ports.fulfillment),
      gateway: urlOf(ports.gateway),
    };
    this.managementUrl = urlOf(ports.management);
    this.supervised = enginesFor(settings, options);
  }

  get dataDir(): string {
    return this.settings.dataDir;
  }

  get brokers(): string {
    return this.settings.brokers ?? this.engines?.brokers ?? '';
  }

  get mongoUri(): string {
    return this.settings.mongoUri ?? this.engines?.mongoUri ?? '';
  }

  get managementUsername(): string {
    return this.settings.managementUsername;
  }

  get managementPassword(): string {
    return this.settings.managementPassword;
  }

  get engines(): Engines | undefined {
    return this.supervised?.current;
  }

  async start(): Promise<void> {
    this.stopIfAsked();
    await this.supervised?.start();
    this.stopIfAsked();
    // before they are ready: one that dies at a record again and again is for an operator to mend
    noteRunning(this.dataDir, this);
    for (const name of SERVICES) this.services.set(name, this.serviceProcess(name));
    for (const service of this.services.values()) service.start();
    await Promise.all([...this.services.values()].map(async (service) => service.ready()));
    this.stopIfAsked();
  }

  process(name: ServiceName): { readonly pid: number | undefined } {
    return { pid: this.service(name).pid };
  }

  async kill(name: ServiceName): Promise<void> {
    await this.service(name).kill();
  }

  async restartService(name: ServiceName, options?: ServiceOptions): Promise<void> {
    const service = this.service(name);
    await service.stop(SERVICES_STOP_MS);
    service.start(options);
    await service.ready();
  }

  async restartEngines(): Promise<void> {
    await this.supervised?.start();
  }

  async stop(): Promise<void> {
    this.stopping ??= this.stopInOrder();
    return this.stopping;
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.services.values()].map(async (service) => service.stop(0)));
    await this.supervised?.kill();
    this.release();
  }

  private async stopInOrder(): Promise<void> {
    const { stopPatienceMs: patience = SERVICES_STOP_MS } = this.options;
    const gateway = this.services.get('gateway');
    const gatewayStopped = gateway?.stop(patience);
    // nothing new comes in once it is gone; a slow one does not keep the others from stopping
    await Promise.race([gatewayStopped, sleep(GATEWAY_STOP_MS, undefined, { ref: false })]);
    const others = [...this.services.values()].filter((service) => service !== gateway);
    const left = Math.max(patience - GATEWAY_STOP_MS, 0);
    await Promise.all([gatewayStopped, ...others.map(async (service) => service.stop(left))]);
    await this.supervised?.stop(ENGINES_STOP_MS);
    this.release();
  }

  /** Once: the directory may be another system's by the second time. */
  private release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    forgetRunning(this.dataDir);
    this.owned.release();
  }

  private stopIfAsked(): void {
    if (this.stopping !== undefined || this.options.signal?.aborted)
      throw new Error('Stopped while it was being started.');
  }

  private service(name: ServiceName): ServiceProcess {
    const service = this.services.get(name);
    if (service === undefined) throw new Error(`${name} has not been started.`);
    return service;
  }

  private serviceProcess(name: ServiceName): ServiceProcess {
    const { services, restart = true, silent = false, onProgress = () => {} } = this.options;
    const own = services?.[name];
    const servers = { brokers: this.brokers, mongoUri: this.mongoUri };
    return new ServiceProcess({
      name,
      entry: own?.entry ?? entryOf(name),
      url: this.urls[name],
      env: {
        SAMPLE_DATA: 'enabled',
        MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
        // what V8 compiled once; written when a process ends
        NODE_COMPILE_CACHE: join(repositoryRoot(), 'dist', '.compile-cache'),
        ...this.environment,
        ...serviceEnvironment(name, { ...this.settings, ...servers }),
        ...own?.env,
      },
      nodeArgs: own?.nodeArgs ?? [],
      ...(silent ? { logFile: join(this.dataDir, 'logs', `${name}.log`) } : {}),
      restart,
      onProgress,
    });
  }
}

function enginesFor(settings: SystemSettings, options: SystemOptions): SupervisedEngines | undefined {
  const { dataDir, ports, brokers, mongoUri } = settings;
  const { restart = true, onProgress = () => {} } = options;
  if (brokers !== undefined && mongoUri !== undefined) return undefined;
  const kafkaPort = brokers === undefined ? ports.kafka : false;
  const mongoPort = mongoUri === undefined ? ports.mongodb : false;
  return new SupervisedEngines({ dataDir, kafkaPort, mongoPort, onProgress }, restart);
}
