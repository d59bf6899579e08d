import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, say } from '../../scripts/command-line';
import { clusterTools, type Tools } from '../go-tools';
import { definitionsFile } from '../schemas';
import { cacheFolder } from '../tools';
import { Cluster } from './cluster';
import { addNodes, bringOverlay } from './overlays';
import { Processes } from './processes';

const root = join(__dirname, '../..');
const cache = cacheFolder();

/** Counts what was wrong; a step that throws is one that was. */
class Steps {
  faults = 0;

  async step(what: string, check: () => Promise<readonly string[]>): Promise<void> {
    const begin = performance.now();
    const faults = await check().catch((error: unknown) => [messageOf(error)]);
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    say(`${faults.length === 0 ? 'ok   ' : 'WRONG'} ${seconds.padStart(6)} s  ${what}`);
    for (const fault of faults) say(`      ${fault.replaceAll('\n', '\n      ')}`);
    this.faults += faults.length;
  }
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-deep-'));
  const tools = clusterTools(cache);
  usingKubectl(folder, tools);
  const processes = new Processes(folder);
  const steps = new Steps();
  const cluster = await Cluster.start(join(folder, 'kubernetes'), tools, processes);
  await steps.step('an API server with the definitions of all kinds', async () => {
    cluster.define(definitionsFile(cache));
    return Promise.resolve([]);
  });
  await checkOverlays(steps, cluster);
  if (steps.faults === 0) rmSync(folder, { recursive: true, force: true });
  else say(`logs: ${folder}`);
  return steps.faults === 0 ? 0 : 1;
}

async function checkOverlays(steps: Steps, cluster: Cluster): Promise<void> {
  cluster.startNodes();
  addNodes(cluster);
  for (const overlay of readdirSync(join(root, 'k8s/overlays'))) {
    const title = `${overlay}: brought twice without a difference or a warning, drained within its budgets, taken away`;
    await steps.step(title, async () => bringOverlay(cluster, overlay));
  }
}

/** Scripts and this process call the kubectl of the API server's own version. */
function usingKubectl(folder: string, tools: Tools): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(tools['kubectl'] ?? '', join(bin, 'kubectl'));
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
