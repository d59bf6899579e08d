import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/eventually';
import { type Manifest, specOf } from '../manifests';
import { version } from '../version';
import type { Cluster } from './cluster';
import type { Edge } from './edge';
import { addPods, addSidecar, nextAccounts, serviceMembers, setEndpoint } from './members';
import type { Mesh } from './mesh';

/** While a pod starts; long enough for istiod to tell the proxies of what was applied before. */
const startMs = 2_000;
/** Answers of the next version. */
const next = 'the next version';

interface Upgraded {
  readonly cluster: Cluster;
  readonly mesh: Mesh;
  readonly edge: Edge;
  readonly objects: readonly Manifest[];
  readonly deployment: Manifest;
}

/** Accounts is brought by its next version as `kubectl apply` does it, under load: no read may fail. The old version is gone then. */
export async function upgradeFaults({ cluster, mesh, edge, objects, deployment }: Upgraded): Promise<string[]> {
  const server = createServer((_, answer) => answer.end(next));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const load = new Load(edge);
  try {
    await load.isAnswered(({ old }) => old > 0);
    cluster.apply(ofNextVersion(objects));
    await sleep(startMs);
    addSidecar(cluster, nextAccounts, (server.address() as AddressInfo).port);
    addPods(cluster, [nextAccounts], deployment);
    await mesh.join(nextAccounts);
    setEndpoint(cluster, nextAccounts, 'ready');
    await load.isAnswered(({ new: count }) => count > 0);
    // Kubernetes takes a pod from its Service and ends it at once; its proxy goes on for 5 s
    setEndpoint(cluster, serviceMembers.accounts, 'terminating');
    await mesh.leave(serviceMembers.accounts);
    setEndpoint(cluster, serviceMembers.accounts, 'gone');
    await sleep(startMs);
    const { old, new: before } = load.answered;
    await load.isAnswered(({ new: count }) => count > before + 100);
    const faults = load.answered.old > old ? ['the old version answers after its end'] : [];
    return [...faults, ...(await load.stop())];
  } finally {
    await load.stop();
    server.close();
  }
}

/** What routes to a subset by the version loses while pods start: were nothing lost, the check above could not tell. */
export async function subsetFaults({ cluster, edge, objects }: Upgraded): Promise<string[]> {
  const subsets = objects.flatMap(toSubset);
  cluster.apply(subsets);
  await sleep(startMs);
  const before = new Load(edge);
  await before.isAnswered(({ old }) => old > 100);
  const faults = await before.stop();
  const load = new Load(edge);
  cluster.apply(ofNextVersion(subsets));
  await sleep(startMs);
  const lost = await load.stop();
  cluster.apply(objects);
  await eventually(
    async () => (await fetch(`${edge.url}/accounts/`, { headers: edge.headers })).status,
    (status) => status === 200,
    30_000,
  );
  return [
    ...faults,
    ...(lost.length > 0 ? [] : ['an upgrade with subsets loses nothing: the check cannot tell one that does']),
  ];
}

function ofNextVersion(objects: readonly Manifest[]): Manifest[] {
  const { version: label = '' } = nextAccounts.labels;
  return JSON.parse(JSON.stringify(objects).replaceAll(version, label)) as Manifest[];
}

/** As the routes of Accounts were once. */
function toSubset(manifest: Manifest): Manifest[] {
  if (manifest.metadata.name !== 'accounts') return [];
  if (manifest.kind === 'DestinationRule')
    return [{ ...manifest, spec: { ...manifest.spec, subsets: [{ name: 'current', labels: { version } }] } }];
  if (manifest.kind !== 'VirtualService') return [];
  const { http, ...rest } = specOf<{ http: { route: { destination: object }[] }[] }>(manifest);
  const named = http.map((each) => ({
    ...each,
    route: each.route.map(({ destination }) => ({ destination: { ...destination, subset: 'current' } })),
  }));
  return [{ ...manifest, spec: { ...rest, http: named } }];
}

/** Reads of Accounts without a pause, from its making on. */
class Load {
  readonly answered = { old: 0, new: 0 };
  private readonly lost: string[] = [];
  private isOver = false;
  private readonly readers: readonly Promise<void>[];

  constructor(private readonly edge: Edge) {
    this.readers = Array.from({ length: 4 }, async () => this.read());
  }

  async isAnswered(right: (answered: { old: number; new: number }) => boolean): Promise<void> {
    await eventually(() => ({ ...this.answered }), right, 60_000);
  }

  /** What was lost, told once by its kind. */
  async stop(): Promise<string[]> {
    this.isOver = true;
    await Promise.all(this.readers);
    const { old, new: next_ } = this.answered;
    const kinds = [...new Set(this.lost)].join(', ');
    return this.lost.length === 0
      ? []
      : [`${this.lost.length} of ${this.lost.length + old + next_} reads lost: ${kinds}`];
  }

  private async read(): Promise<void> {
    while (!this.isOver) {
      try {
        const answer = await fetch(`${this.edge.url}/accounts/`, { headers: this.edge.headers });
        const text = await answer.text();
        if (answer.status !== 200) this.lost.push(`${answer.status} ${text.slice(0, 100)}`);
        else if (text === next) this.answered.new += 1;
        else this.answered.old += 1;
      } catch (error) {
        this.lost.push(String(error));
      }
    }
  }
}
