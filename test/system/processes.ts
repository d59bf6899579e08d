import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName, ServiceOptions, System } from '../../scripts/system';
import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import { type OwnOptions, services } from './engines-apart';
import type { SecondInstances } from './second-instances';

const killAt = ['--import', './libs/messaging/testing/kill-at.ts'];
const SECOND = '-2';

/** One process: `orders` is the first of its service, `orders-2` the second. */
export type Whom = ServiceName | `${ServiceName}-2`;

export interface ProcessesParts {
  system: System;
  second: SecondInstances | undefined;
  services: OwnOptions | undefined;
  /** What the system says of services that died. */
  lines: string[];
}

/** The processes of a storefront: found, killed, frozen, started again. */
export class Processes {
  /** How often a service was started again. */
  restarts = 0;
  /** Ends that somebody asked for. */
  private readonly asked: string[] = [];

  constructor(private readonly run: ProcessesParts) {}

  /** Every process of the three services. */
  get instances(): Whom[] {
    return this.run.second ? services.flatMap((name): Whom[] => [name, `${name}-2`]) : [...services];
  }

  url(whom: Whom): string {
    const { name, of } = this.processOf(whom);
    return of.urls[name];
  }

  pid(whom: Whom): number | undefined {
    const { name, of } = this.processOf(whom);
    return of.process(name).pid;
  }

  /** A client of one process, past the gateway. */
  client(whom: Whom): ReturnType<typeof httpClient> {
    return httpClient(this.url(whom));
  }

  /** Everything the process has logged, in all its lives. */
  log(whom: Whom): string {
    return readFileSync(join(this.run.system.dataDir, 'logs', `${whom}.log`), 'utf8');
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
    const own = this.run.services?.[name];
    const env = { ...own?.env, KILL_AT: step, KILL_AFTER: String(nth) };
    const dead = this.end(whom);
    const ready = of.restartService(name, { env, nodeArgs: [...(own?.nodeArgs ?? []), ...killAt] });
    // it may be dead before it was seen ready
    for (const either of [ready, dead]) void either.catch(() => undefined);
    await Promise.race([ready, dead]).catch(() => dead);
    return { dead };
  }

  /** What was stopped goes on, and what was killed lives. */
  async heal(): Promise<void> {
    for (const whom of this.instances) this.signal(whom, 'SIGCONT');
    const dead = this.instances.filter((whom) => this.pid(whom) === undefined && this.asked.includes(whom));
    await Promise.all(dead.map((whom) => this.restart(whom)));
  }

  /** Services that ended although nobody asked them to, as the system told it. */
  get unaskedEnds(): string[] {
    const left = [...this.asked];
    return this.run.lines.filter((line) => {
      const whom = /^(\S+) died/.exec(line)?.[1];
      if (whom === undefined) return false;
      const index = left.indexOf(whom);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
  }

  private processOf(whom: Whom): { name: ServiceName; of: System | SecondInstances } {
    const isSecond = whom.endsWith(SECOND);
    const name = (isSecond ? whom.slice(0, -SECOND.length) : whom) as ServiceName;
    const of = isSecond ? this.run.second : this.run.system;
    if (!of) throw new Error(`There is no ${whom}.`);
    return { name, of };
  }

  /** Its next end, as the system tells it: `exit code 0`, `SIGKILL`. */
  private async end(whom: Whom): Promise<string> {
    const { lines } = this.run;
    const from = lines.length;
    this.asked.push(whom);
    const told = () =>
      lines.slice(from).flatMap((line) => new RegExp(`^${whom} died \\((.*)\\)`).exec(line)?.[1] ?? []);
    const [how = ''] = await eventually(told, (ends) => ends.length > 0);
    return how;
  }
}
