import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/eventually';
import { services } from '../services';
import type { Cluster } from './cluster';

const root = filledIn(join(__dirname, '../..'));

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly availableReplicas?: number; readonly updatedReplicas?: number };
}

/** A copy of what is deployed, gone with the process, with a word for each placeholder: deploy.sh refuses those. */
function filledIn(repository: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'storefront-overlays-'));
  process.once('exit', () => rmSync(copy, { recursive: true }));
  for (const name of ['k8s', 'istio', 'monitoring'])
    cpSync(join(repository, name), join(copy, name), { recursive: true });
  for (const overlay of readdirSync(join(copy, 'k8s/overlays'))) {
    const file = join(copy, 'k8s/overlays', overlay, 'settings.env');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('example', 'shop'));
  }
  return copy;
}

/** Two nodes that only say that they run pods, and a volume for MongoDB. */
export function addNodes(cluster: Cluster): void {
  const much = { cpu: '64', memory: '256Gi', pods: '200' };
  cluster.apply(
    ['a', 'b'].map((zone) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: `node-${zone}`,
        annotations: { 'kwok.x-k8s.io/node': 'fake' },
        labels: { 'kubernetes.io/hostname': `node-${zone}`, 'topology.kubernetes.io/zone': zone },
      },
    })),
  );
  const status = JSON.stringify({ status: { allocatable: much, capacity: much } });
  for (const zone of ['a', 'b']) cluster.must(['patch', 'node', `node-${zone}`, '--subresource=status', '-p', status]);
}

/** Brings an overlay, as a person would, then again; drains a node; takes it away. */
export async function bringOverlay(cluster: Cluster, overlay: string): Promise<string[]> {
  const faults: string[] = [];
  const environment = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  const namespace = ['dev', 'test', 'uat'].includes(overlay) ? overlay : 'storefront';
  const isOnMinikube = overlay.startsWith('minikube');
  prepare(cluster, overlay, namespace);
  // on minikube deploy.sh installs Istio and Strimzi first, and waits for what they make
  const bring = () =>
    isOnMinikube
      ? cluster.kubectl(['apply', '--server-side', '-k', `${root}/k8s/overlays/${overlay}`])
      : script(['k8s/scripts/deploy.sh', overlay], environment);
  const first = bring();
  faults.push(...failure('the first time', first), ...warnings(first.warnings));
  for (const name of services) faults.push(...rollout(cluster, namespace, `deployment/${name}`));
  if (isOnMinikube) faults.push(...rollout(cluster, 'mongo', 'statefulset/mongo'));
  faults.push(...(await differences(cluster, overlay)), ...failure('the second time', bring()));
  faults.push(...failure('status.sh', script(['k8s/scripts/status.sh', overlay], environment)));
  faults.push(...(await drain(cluster, namespace)));
  faults.push(...failure('tear-down.sh', script(['k8s/scripts/tear-down.sh', overlay], environment)));
  faults.push(...leftovers(cluster, namespace));
  const namespaces = isOnMinikube ? [namespace, 'kafka', 'mongo'] : [namespace];
  cluster.must(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=120s']);
  return faults;
}

/** What others make in that place: Secrets of Confluent and Atlas, and a disk. */
function prepare(cluster: Cluster, overlay: string, namespace: string): void {
  if (overlay.startsWith('minikube')) {
    const spec = { capacity: { storage: '5Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/nowhere' } };
    cluster.apply([{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `${overlay}-disk` }, spec }]);
    return;
  }
  cluster.must(['apply', '--server-side', '-f', `${root}/k8s/overlays/${overlay}/namespace.yaml`]);
  const secrets = join(root, 'k8s/components/confluent-atlas/secrets.example.yaml');
  cluster.must(['apply', '--server-side', '-n', namespace, '-f', secrets]);
}

/** A second time nothing may change: neither a field that cannot, nor one that a controller sets. */
async function differences(cluster: Cluster, overlay: string): Promise<string[]> {
  const compare = () => cluster.kubectl(['diff', '--server-side', '-k', `${root}/k8s/overlays/${overlay}`]);
  // what a controller writes between two looks is no difference that stays
  const isSame = await eventually(compare, ({ status }) => status === 0, 30_000).catch(() => undefined);
  if (isSame) return [];
  const { out, warnings: said } = compare();
  const lines = out.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
  return [`brought again it would change: ${lines.slice(0, 10).join(' | ') || said}`];
}

function rollout(cluster: Cluster, namespace: string, what: string): string[] {
  return failure(
    `${what} is not rolled out`,
    cluster.kubectl(['-n', namespace, 'rollout', 'status', what, '--timeout=120s']),
  );
}

/** All pods on one node, then that node is drained: at no time may more be missing than the budget says. */
async function drain(cluster: Cluster, namespace: string): Promise<string[]> {
  await eventually(
    () => fewest(cluster, namespace),
    (all) => all.length > 0 && all.every(({ is, least }) => is >= least),
    60_000,
  );
  cluster.must(['cordon', 'node-b']);
  for (const name of services) cluster.must(['-n', namespace, 'rollout', 'restart', `deployment/${name}`]);
  for (const name of services) rollout(cluster, namespace, `deployment/${name}`);
  await eventually(
    () => deploymentsOf(cluster, namespace),
    (all) => all.every(isSettled),
    120_000,
  );
  cluster.must(['uncordon', 'node-b']);
  const before = deploymentsOf(cluster, namespace);
  const columns = 'custom-columns=:.metadata.name,:.status.availableReplicas';
  const watch = inBackground(cluster, [
    '-n',
    namespace,
    'get',
    'deployments',
    '--watch',
    '--no-headers',
    '-o',
    columns,
  ]);
  await eventually(watch.said, (said) => services.every((name) => said.includes(name)));
  const drained = cluster.kubectl([
    'drain',
    'node-a',
    '--delete-emptydir-data',
    '--force',
    '--ignore-daemonsets',
    '--timeout=120s',
  ]);
  await eventually(
    () => deploymentsOf(cluster, namespace),
    (all) => all.every(isSettled),
    60_000,
  );
  await watch.stop();
  cluster.must(['uncordon', 'node-a']);
  const seen = watch
    .said()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return [
    ...failure('the node could not be drained', drained),
    ...before.flatMap(({ metadata: { name }, spec: { replicas } }) => {
      const available = seen.filter(([each]) => each === name).map(([, count]) => Number(count) || 0);
      const least = Math.min(...available);
      return least >= replicas - 1 ? [] : [`while a node was drained: ${least} of ${replicas} pods of ${name}`];
    }),
  ];
}

/** How many each autoscaler wants at least, and how many there are. */
function fewest(cluster: Cluster, namespace: string): { readonly least: number; readonly is: number }[] {
  const { items } = JSON.parse(cluster.must(['-n', namespace, 'get', 'horizontalpodautoscalers', '-o', 'json'])) as {
    items: { spec: { minReplicas?: number }; status?: { currentReplicas?: number } }[];
  };
  return items.map(({ spec, status }) => ({ least: spec.minReplicas ?? 1, is: status?.currentReplicas ?? 0 }));
}

function isSettled({ spec, status }: Deployment): boolean {
  return status.availableReplicas === spec.replicas && status.updatedReplicas === spec.replicas;
}

function deploymentsOf(cluster: Cluster, namespace: string): Deployment[] {
  const { items } = JSON.parse(cluster.must(['-n', namespace, 'get', 'deployments', '-o', 'json'])) as {
    items: Deployment[];
  };
  return items.filter(({ metadata }) => services.some((name) => name === metadata.name));
}

function leftovers(cluster: Cluster, namespace: string): string[] {
  const kinds = 'deployments,services,networkpolicies,horizontalpodautoscalers,httproutes,virtualservices';
  const left = cluster.must(['-n', namespace, 'get', kinds, '-o', 'name']).trim();
  return left ? [`tear-down.sh left ${left.replaceAll('\n', ', ')}`] : [];
}

function script(args: readonly string[], env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync('bash', args, { cwd: root, env, encoding: 'utf8' });
  return { status, out: stdout, warnings: stderr };
}

function inBackground(cluster: Cluster, args: readonly string[]) {
  let said = '';
  const child = spawn('kubectl', ['--kubeconfig', cluster.kubeconfig, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (text) => (said += String(text)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    said: () => said,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function failure(
  when: string,
  { status, out, warnings: said }: { status: number | null; out: string; warnings: string },
): string[] {
  return status === 0 ? [] : [`${when}: ${(said || out).trim().slice(-800)}`];
}

function warnings(said: string): string[] {
  return said.split('\n').filter((line) => line.startsWith('Warning:'));
}
