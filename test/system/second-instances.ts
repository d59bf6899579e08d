import { join } from 'node:path';
import { freePort } from '../../embedded/ports';
import { ServiceProcess } from '../../scripts/service-process';
import type { ServiceOptions, System } from '../../scripts/system';
import { entryOf, SERVICES, serviceEnvironment, type ServiceName } from '../../scripts/system-settings';

export interface SecondOptions {
  readonly system: System;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly services: Partial<Record<ServiceName, ServiceOptions>>;
  readonly onProgress: (line: string) => void;
}

/** One more process of each service, in the groups and on the databases of the first ones, behind a gateway of its own. */
export class SecondInstances {
  private constructor(
    private readonly processes: Readonly<Record<ServiceName, ServiceProcess>>,
    readonly urls: Readonly<Record<ServiceName, string>>,
  ) {}

  static async start({ system, env, services, onProgress }: SecondOptions): Promise<SecondInstances> {
    const ports = { kafka: 0, mongodb: 0, management: 0 } as Record<
      ServiceName | 'kafka' | 'mongodb' | 'management',
      number
    >;
    for (const name of SERVICES) ports[name] = await freePort();
    const { brokers, mongoUri, dataDir, managementUsername, managementPassword } = system;
    const settings = { ports, brokers, mongoUri, dataDir, managementUsername, managementPassword };
    const urlOf = (name: ServiceName) => `http://127.0.0.1:${ports[name]}`;
    const processOf = (name: ServiceName) =>
      new ServiceProcess({
        name,
        entry: entryOf(name),
        url: urlOf(name),
        env: { ...process.env, ...env, ...serviceEnvironment(name, settings), ...services[name]?.env },
        nodeArgs: services[name]?.nodeArgs ?? [],
        logFile: join(dataDir, 'logs', `${name}-2.log`),
        restart: false,
        onProgress: (line) => onProgress(line.replace(name, `${name}-2`)),
      });
    const processes = Object.fromEntries(SERVICES.map((name) => [name, processOf(name)]));
    const urls = Object.fromEntries(SERVICES.map((name) => [name, urlOf(name)]));
    const second = new SecondInstances(
      processes as Record<ServiceName, ServiceProcess>,
      urls as Record<ServiceName, string>,
    );
    for (const one of Object.values(second.processes)) one.start();
    await Promise.all(Object.values(second.processes).map((one) => one.ready()));
    return second;
  }

  process(name: ServiceName): { readonly pid: number | undefined } {
    return this.processes[name];
  }

  kill(name: ServiceName): Promise<void> {
    return this.processes[name].kill();
  }

  async restartService(name: ServiceName, options?: ServiceOptions): Promise<void> {
    const one = this.processes[name];
    await one.stop(12_000);
    one.start(options);
    await one.ready();
  }

  async killAll(): Promise<void> {
    await Promise.all(Object.values(this.processes).map((one) => one.stop(0)));
  }
}
