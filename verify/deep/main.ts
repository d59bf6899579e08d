import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, say } from '../../scripts/command-line';
import { ANY_PORTS, startSystem } from '../../scripts/system';
import { clusterTools, meshTools, type Tools } from '../go-tools';
import { definitionsFile } from '../schemas';
import { cacheFolder, output } from '../tools';
import { Cluster } from './cluster';
import { Mesh } from './mesh';
import { addNodes, bringOverlay } from './overlays';
import { Processes } from './processes';
import { Steps } from './steps';
import { RunningStyle, type Style, styles } from './styles';

const root = join(__dirname, '../..');
const cache = cacheFolder();

async function main(wanted: readonly string[]): Promise<number> {
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
  const ofMesh = wanted.includes('edge') ? meshTools(cache) : undefined;
  // before the controllers: its pods and endpoints are made by hand
  if (ofMesh)
    await checkEdge(steps, folder, cluster, async () => Mesh.start(join(folder, 'istio'), cluster, ofMesh, processes));
  if (wanted.includes('overlays')) await checkOverlays(steps, cluster);
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

async function checkEdge(
  steps: Steps,
  folder: string,
  cluster: Cluster,
  startMesh: () => Promise<Mesh>,
): Promise<void> {
  const system = await startSystem({
    env: { ...ANY_PORTS, STOREFRONT_DATA_DIR: join(folder, 'storefront'), SAMPLE_DATA: 'enabled' },
    silent: true,
  });
  try {
    await fetch(`${system.urls.accounts}/customers/sample`, { method: 'POST' });
    cluster.apply(
      ['istio-system', 'monitoring'].map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      })),
    );
    const mesh = await startMesh();
    for (const [style, overlay] of Object.entries(styles) as [Style, string][]) {
      const rendered = output('kubectl', ['kustomize', join(root, 'k8s/overlays', overlay)]);
      let running: RunningStyle | undefined;
      await steps.step(`${style} (${overlay}): istiod, Envoy and the services`, async () => {
        running = await RunningStyle.start(style, rendered, { cluster, mesh, system, folder: join(folder, style) });
        return [];
      });
      for (const [what, check] of running?.steps() ?? []) await steps.step(`${style}: ${what}`, check);
      await running?.stop();
    }
  } finally {
    await system.stop();
  }
}

/** Scripts and this process call the kubectl of the API server's own version. */
function usingKubectl(folder: string, tools: Tools): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(tools['kubectl'] ?? '', join(bin, 'kubectl'));
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
