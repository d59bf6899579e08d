import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, signal } from '../embedded/processes';
import { Progress } from '../embedded/progress';
import { repositoryRoot } from '../embedded/repository';
import { Backoff } from './backoff';
import type { Environment, ServiceName } from './system-settings';

const PROBE_INTERVAL_MS = 100;
const TELL_EVERY_MS = 10_000;
/**
 * As in the image. What V8 would let the part for new objects grow to costs 30 MB more. And the more it may have in all, the
 * longer it leaves garbage: on a large machine it lets the heap grow fourfold in a catch-up, with this by a third at a time.
 */
const NODE_OPTIONS = ['--enable-source-maps', '--max-semi-space-size=8', '--max-old-space-size=256'];
/** As in the image: glibc gives each thread an arena of its own otherwise, 6 MB in all. */
const MALLOC = { MALLOC_ARENA_MAX: '2' };

export interface ServiceProcessOptions {
  readonly name: ServiceName;
  /** The file that node runs. */
  readonly entry: string;
  readonly url: string;
  readonly env: Environment;
  readonly nodeArgs: readonly string[];
  /** Where its output goes; the terminal without it. */
  readonly logFile?: string;
  /** Start it again when it dies. */
  readonly restart: boolean;
  readonly onProgress: (line: string) => void;
}

type OneLife = Partial<Pick<ServiceProcessOptions, 'entry' | 'env' | 'nodeArgs'>>;

/** One service, kept running: started again when it dies, first after 0.5 s, then ever later up to 10 s. */
export class ServiceProcess {
  private readonly backoff = new Backoff();
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private again: NodeJS.Timeout | undefined;
  private isWanted = false;

  constructor(private readonly options: ServiceProcessOptions) {}

  /** Undefined while it is dead. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** `options` are for this one life, instead of its own. */
  start(options: OneLife = {}): void {
    clearTimeout(this.again);
    this.isWanted = true;
    this.backoff.started();
    const child = this.spawn(options);
    this.child = child;
    this.exited = new Promise((resolve) => {
      const gone = (how: string) => {
        if (this.child !== child) return;
        this.child = undefined;
        resolve();
        this.died(how);
      };
      child.once('error', (error) => gone(error.message));
      child.once('exit', (code, signalName) => gone(signalName ?? `exit code ${code}`));
    });
  }

  /** Resolves when /actuator/health/readiness answers 200; rejects when it does not, and no longer gets on. */
  async ready(): Promise<void> {
    const { name, url, logFile, restart, onProgress } = this.options;
    const whereToLook = logFile === undefined ? '' : ` See ${logFile}.`;
    const progress = new Progress();
    let state: ReadyState = 'nothing';
    let toldAtMs = 0;
    for (; ; await sleep(PROBE_INTERVAL_MS)) {
      const before: ReadyState = state;
      state = await readyState(url);
      if (state !== before) progress.note();
      if (state === 'ready') return;
      if (!this.isWanted) throw new Error(`${name} was stopped before it was ready.`);
      const isLost = this.child === undefined && (!restart || this.backoff.failures >= 3);
      if (isLost) throw new Error(`${name} ended while it was being started.${whereToLook}`);
      const waited = `${Math.round(progress.tookMs / 1_000)} s`;
      if (progress.isStuck(this.pid ?? 0))
        throw new Error(
          `${name} was not ready after ${waited}, and got no further: ${await missing(url)}.${whereToLook}`,
        );
      if (progress.tookMs - toldAtMs < TELL_EVERY_MS) continue;
      toldAtMs = progress.tookMs;
      onProgress(`Waiting for ${name} (${waited}): ${await missing(url)} …`);
    }
  }

  /** SIGTERM, then SIGKILL after the time given. It is not started again. */
  async stop(patienceMs: number): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.again);
    if (this.pid !== undefined) await endProcess(this.pid, patienceMs);
    await this.exited;
  }

  /** SIGKILL, as if it had crashed: with `restart` it comes back by itself. */
  async kill(): Promise<void> {
    if (this.pid !== undefined) signal(this.pid, 'SIGKILL');
    await this.exited;
  }

  private spawn(options: OneLife): ChildProcess {
    const { logFile } = this.options;
    const { entry = this.options.entry, nodeArgs = this.options.nodeArgs } = options;
    const env = { ...this.options.env, ...options.env };
    const root = repositoryRoot();
    const preload = ['--require', join(root, 'scripts', 'die-with-parent.cjs')];
    const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a');
    try {
      return spawn(process.execPath, [...NODE_OPTIONS, ...preload, ...nodeArgs, entry], {
        cwd: root,
        env: { ...MALLOC, ...env },
        stdio: ['ignore', output, output, 'ipc'],
        // a group of its own: Ctrl-C reaches us only, and we stop things in order
        detached: true,
      });
    } finally {
      if (typeof output === 'number') closeSync(output);
    }
  }

  private died(how: string): void {
    if (!this.isWanted) return;
    const { name, restart, onProgress } = this.options;
    if (!restart) {
      onProgress(`${name} died (${how}).`);
      return;
    }
    const delayMs = this.backoff.nextDelayMs();
    onProgress(`${name} died (${how}); starting it again in ${delayMs / 1_000} s.`);
    this.again = setTimeout(() => this.start(), delayMs);
  }
}

type ReadyState = 'nothing' | 'answers' | 'ready';

async function readyState(url: string): Promise<ReadyState> {
  try {
    const answer = await fetch(`${url}/actuator/health/readiness`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200 ? 'ready' : 'answers';
  } catch {
    return 'nothing';
  }
}

/** What a service that is not ready lacks, as it says itself. */
async function missing(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/actuator/health`, { signal: AbortSignal.timeout(2_000) });
    const { components = {} } = (await answer.json()) as { components?: Record<string, { status: string }> };
    const down = Object.entries(components).filter(([, { status }]) => status !== 'UP');
    return down.length === 0
      ? 'it answers, and is not ready'
      : down.map(([of, { status }]) => `${of} is ${status}`).join(', ');
  } catch {
    return `nothing answers at ${url}`;
  }
}
