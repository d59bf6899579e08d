import { buildApps } from './build-apps';
import { say } from './command-line';
import { told } from './disk-space';
import { nodeTooOld } from './node-version';
import { startSystem, type System } from './system';
import { whenNpmIsGone } from './when-npm-is-gone';

/** npm and the terminal each deliver the same Ctrl-C, on a busy machine one of them late. */
const SAME_SIGNAL_MS = 1_000;

export interface Foreground {
  /** Before anything is started. */
  readonly prepare?: () => void;
  /** With the system running; a number ends it with that exit code, undefined keeps it until Ctrl-C. */
  readonly run: (system: System) => Promise<number | undefined>;
  /** Services write to files instead of the terminal. */
  readonly silent?: boolean;
}

/** Builds, starts, runs until Ctrl-C (a second one ends everything at once) and stops; never returns. */
export function inForeground(foreground: Foreground): void {
  const stopping = new AbortController();
  let stopAskedAt = 0;
  let system: System | undefined;

  function stop(): void {
    if (stopping.signal.aborted) {
      if (performance.now() - stopAskedAt < SAME_SIGNAL_MS) return;
      say('Ended by force.');
      // what does not hear this notices that we are gone
      void (system?.killAll() ?? Promise.resolve()).finally(() => process.exit(130));
      return;
    }
    stopAskedAt = performance.now();
    stopping.abort();
    say('Stopping …');
    void system?.stop().then(() => process.exit(0), fail);
  }

  async function start(): Promise<void> {
    const tooOld = nodeTooOld(process.versions.node);
    if (tooOld !== undefined) throw new Error(tooOld);
    foreground.prepare?.();
    await buildApps(say);
    if (stopping.signal.aborted) process.exit(0);
    say('Starting …');
    const { silent = false } = foreground;
    system = await startSystem({ onProgress: say, signal: stopping.signal, silent });
    const code = await foreground.run(system);
    if (code === undefined || stopping.signal.aborted) return;
    stopping.abort();
    await system.stop();
    process.exit(code);
  }

  async function failed(error: unknown): Promise<void> {
    if (stopping.signal.aborted) {
      if (!system) process.exit(0);
      return;
    }
    stopping.abort();
    process.stderr.write(`${told(error)}\n`);
    await system?.stop();
    process.exit(1);
  }

  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  whenNpmIsGone(stop);
  start().catch(failed);
}

function fail(error: unknown): never {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}

/** What a person needs to know to look around. */
export function addresses(system: System): string {
  const { urls, managementUrl, brokers, mongoUri, dataDir, managementUsername, managementPassword } = system;
  return `  gateway      ${urls.gateway}/
  accounts     ${urls.accounts}/   Swagger UI ${urls.gateway}/accounts/swagger-ui/
  orders       ${urls.orders}/   Swagger UI ${urls.gateway}/orders/swagger-ui/
  fulfillment  ${urls.fulfillment}/   Swagger UI ${urls.gateway}/fulfillment/swagger-ui/
  health       ${urls.gateway}/orders/actuator/health, and of each service
  metrics      ${urls.gateway}/orders/actuator/prometheus, and of each service
  Kafka        ${brokers}
  documents    ${mongoUri.replace(/\/\/[^/]*@/, '//…@')}
  data, logs   ${dataDir}
  operations   user ${managementUsername}, password ${managementPassword}; the gateway's are at ${managementUrl}/actuator`;
}
