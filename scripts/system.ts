import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engines, endLeftovers } from '../embedded/engines';
import { makeCardKey, prepareDataDir, takeDataDir } from './data-dir';
import { RunningSystem } from './running-system';
import { forgetRunning } from './system-access';
import { type Environment, readSettings, type ServiceName, type SystemSettings, takenPorts } from './system-settings';

export { ANY_PORTS, type ServiceName } from './system-settings';

/** As long as a service may take to stop after its parent died. */
const LEFTOVERS_PATIENCE_MS = 16_000;

export interface ServiceOptions {
  /** Over everything else that the service gets. */
  env?: Environment;
  /** Before the entry file, e.g. `--require` of a fault. */
  nodeArgs?: readonly string[];
  /** Instead of dist/apps/<name>/src/main.js. */
  entry?: string;
}

export interface SystemOptions {
  /** Over process.env: ports, STOREFRONT_DATA_DIR, servers of your own; services get it too. */
  env?: Environment;
  services?: Partial<Record<ServiceName, ServiceOptions>>;
  /** Start again what dies. Default true. */
  restart?: boolean;
  /** Services write to <data dir>/logs/<service>.log instead of the terminal. Default false. */
  silent?: boolean;
  /** How long services may take to stop before they are ended by force, ms. Default 12,000. */
  stopPatienceMs?: number;
  /** Stops a start that is under way. */
  signal?: AbortSignal;
  onProgress?: (line: string) => void;
}

/** The whole storefront on this machine: engines (unless you have servers of your own), services, gateway. */
export interface System {
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** Where the guarded management endpoints of the gateway are. */
  readonly managementUrl: string;
  readonly dataDir: string;
  readonly brokers: string;
  /** Each service has the database of its name there. */
  readonly mongoUri: string;
  readonly managementUsername: string;
  readonly managementPassword: string;
  /** The JVM that runs, or ran last; undefined with servers of your own. */
  readonly engines: Engines | undefined;
  process(service: ServiceName): { readonly pid: number | undefined };
  /** SIGKILL; returns once it is dead. With `restart` it comes back by itself, else by `restartService`. */
  kill(service: ServiceName): Promise<void>;
  /** Stops it cleanly if it runs; returns once it is ready again. `options` are for this one life, instead of its own. */
  restartService(service: ServiceName, options?: ServiceOptions): Promise<void>;
  /** After `engines.kill()` with `restart: false`: on the same ports and data. */
  restartEngines(): Promise<void>;
  /** Gateway, services, engines, each given time to finish; nothing is left after 15 s. */
  stop(): Promise<void>;
  /** Everything at once, by force. */
  killAll(): Promise<void>;
}

/**
 * Resolves when every service answers that it is ready; if one does not, ends the others and rejects. The services must
 * be built. They end with this process, however it ends.
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { onProgress = () => {}, signal } = options;
  const environment = { ...process.env, ...options.env };
  const settings = await readSettings(environment);
  const { dataDir } = settings;
  prepareDataDir(dataDir);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const owned = takeDataDir(dataDir);
  try {
    forgetRunning(dataDir);
    if (settings.cardKeyFile !== undefined) makeCardKey(settings.cardKeyFile);
    await endLeftovers(dataDir, onProgress);
    await checkPorts(settings, owned.wasLeftBehind ? LEFTOVERS_PATIENCE_MS : 0);
  } catch (error) {
    owned.release();
    throw error;
  }
  const system = new RunningSystem({ settings, environment, options, owned });
  const stop = () => void system.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await system.start();
  } catch (error) {
    await system.stop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  return system;
}

/** Waits for what an earlier run left behind, which ends by itself; throws with one line a port that is taken. */
async function checkPorts(settings: SystemSettings, patienceMs: number): Promise<void> {
  for (const end = performance.now() + patienceMs; ; await sleep(500)) {
    const taken = await takenPorts(settings);
    if (taken.length === 0) return;
    if (performance.now() >= end) throw new Error(taken.join('\n'));
  }
}
