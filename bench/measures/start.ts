import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../embedded/ports';
import { repositoryRoot } from '../../embedded/repository';
import { ANY_PORTS } from '../../scripts/system-settings';
import { type Figures, spreads } from '../arithmetic/spread';
import { send } from '../load/http';
import { memoryMb, watchCpu } from '../rig/cpu';
import { type Rig, stopService } from '../rig/rig';
import type { Measure, Result } from './measure';

const services = ['accounts', 'orders', 'fulfillment', 'gateway'] as const;
const SETTLE_MS = 10_000;
const IDLE_MS = 20_000;
const PATIENCE_MS = 60_000;

export const start: Measure = {
  name: 'start',
  about:
    'Start of a process until it says ready; memory and CPU when nothing happens; npm start until the gateway is ready',
  rig: { yardsticks: false },
  async measure({ rig, runs, say }) {
    const starts = new Map<string, Figures[]>(services.map((name) => [name, []]));
    for (let run = 1; run <= runs; run++) {
      for (const name of services) starts.get(name)?.push({ 'ready ms': await readyMs(rig, name) });
      const idle = await idleFigures(rig);
      for (const name of services) starts.get(name)?.push(idle[name] ?? {});
      say(`  ${run}: services`);
    }
    const whole: Figures[] = [];
    for (let run = 1; run <= runs; run++) whole.push({ 'ready ms': await npmStartMs() });
    const of = ([name, figures]: [string, Figures[]]): Result => ({ of: name, figures: spreads(figures) });
    return [...[...starts].map(of), { of: 'npm start, until the gateway is ready', figures: spreads(whole) }];
  },
};

async function readyMs({ system }: Rig, name: (typeof services)[number]): Promise<number> {
  await stopService(system, name);
  const begin = performance.now();
  const known = system.restartService(name);
  await untilReady(system.urls[name]);
  const tookMs = performance.now() - begin;
  await known;
  return tookMs;
}

async function idleFigures({ system }: Rig): Promise<Record<string, Figures>> {
  await sleep(SETTLE_MS);
  const pids = Object.fromEntries(services.map((name) => [name, system.process(name).pid ?? 0]));
  const used = watchCpu(pids);
  await sleep(IDLE_MS);
  const cpu = used();
  return Object.fromEntries(
    services.map((name) => [
      name,
      { 'RSS idle MB': memoryMb(pids[name] ?? 0), 'idle CPU %': ((cpu[name] ?? 0) / IDLE_MS) * 100 },
    ]),
  );
}

/** On empty data, with engines and services that are built. */
async function npmStartMs(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'storefront-start-'));
  const port = await freePort();
  const env = { ...process.env, ...ANY_PORTS, GATEWAY_PORT: String(port), STOREFRONT_DATA_DIR: dataDir };
  const begin = performance.now();
  const child = spawn('npm', ['start'], { cwd: repositoryRoot(), env, stdio: 'ignore', detached: true });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    await untilReady(`http://127.0.0.1:${port}`);
    return performance.now() - begin;
  } finally {
    // npm is a group of its own, and so is everything that it started
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function untilReady(url: string): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(10)) {
    const status = await send('GET', `${url}/actuator/health/readiness`).then(
      (reply) => reply.status,
      () => 0, // nobody listens yet
    );
    if (status === 200) return;
  }
  throw new Error(`${url} was not ready within ${PATIENCE_MS / 1_000} s.`);
}
