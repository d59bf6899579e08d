import { sampleJourney } from '../../scripts/sample-journey';
import type { System } from '../../scripts/system';
import { eventually } from '../../test/eventually';
import { type Manifest, Manifests, namespaceOf, specOf } from '../manifests';
import { services } from '../services';
import { certificateIn } from './certificates';
import type { Cluster } from './cluster';
import { BrokenService, customer, patienceFaults, routingFaults, tokenFaults, transportFaults } from './edge';
import { certificateSecret, nameAddress } from './host-names';
import { identityFaults } from './identities';
import { addMembers, addSidecars, edges, serviceMembers, somebody, workloadOf } from './members';
import type { Mesh } from './mesh';
import { agentAnnotations, metricsFaults } from './metrics';
import { type EdgeProxy, telemetryFaults } from './telemetry';
import { jwks } from './tokens';
import { subsetFaults, upgradeFaults } from './upgrade';

/** A style of edge, and an overlay that has it. */
export const styles = { 'gateway-api': 'gke-confluent-atlas', classic: 'minikube-classic' } as const;
export type Style = keyof typeof styles;

/** Kinds that the mesh is made of, and what they name; Telemetry comes at the end. */
const kinds =
  /^(Namespace|ServiceAccount|Service|Gateway|HTTPRoute|VirtualService|DestinationRule|PeerAuthentication|AuthorizationPolicy|RequestAuthentication|ServiceEntry|Telemetry)$/;

/** What both styles stand on. */
export interface Ground {
  readonly cluster: Cluster;
  readonly mesh: Mesh;
  readonly system: System;
  /** For what is written on the way. */
  readonly folder: string;
}

/** Istio and Envoy with the overlay's own objects, in front of the running services. */
export class RunningStyle {
  private constructor(
    private readonly ground: Ground,
    private readonly place: { readonly manifests: Manifests; readonly objects: readonly Manifest[] },
    private readonly edge: EdgeProxy,
    private readonly folders: Readonly<Record<'edge' | 'somebody', string>>,
  ) {}

  static async start(style: Style, rendered: string, ground: Ground): Promise<RunningStyle> {
    const { cluster, mesh, system } = ground;
    const manifests = Manifests.parse(rendered);
    const objects = manifests.all.filter(({ kind }) => kinds.test(kind)).map(withKeys);
    const isNamespace = ({ kind }: Manifest) => kind === 'Namespace';
    cluster.apply(objects.filter(isNamespace));
    cluster.apply(objects.filter((each) => !isNamespace(each) && each.kind !== 'Telemetry'));
    const edge = edges[style];
    addMembers(cluster, manifests, edge);
    const host = hostOf(manifests);
    nameAddress(host ?? edge.address, edge.address);
    cluster.apply([certificateSecret(ground.folder, edge.namespace, host ?? edge.address)]);
    const ports = portsOf(system);
    addSidecars(cluster, ports);
    for (const service of services)
      await mesh.join(serviceMembers[service], agentAnnotations(service, manifests, ports[service]));
    const folders = { edge: await mesh.join(edge), somebody: await mesh.join(somebody) };
    const hasTokens = manifests.of('RequestAuthentication').length > 0;
    const at: EdgeProxy = {
      // the original's scripts ask without TLS, where that is answered
      url: host === undefined ? `http://${edge.address}` : `https://${host}`,
      headers: hasTokens ? customer() : {},
      id: `${edge.name}.${edge.namespace}`,
      address: edge.address,
      log: () => mesh.logOf(edge),
    };
    const running = new RunningStyle(ground, { manifests, objects }, at, folders);
    await running.isServing();
    return running;
  }

  /** What is told by each step. */
  steps(): readonly (readonly [what: string, check: () => Promise<string[]>])[] {
    const { edge, folders } = this;
    const { gateway } = this.ground.system.urls;
    const hasTokens = this.place.objects.some(({ kind }) => kind === 'RequestAuthentication');
    const { hostname } = new URL(edge.url);
    const certificate = (folder: string) => {
      const found = certificateIn(folder);
      if (!found) throw new Error(`no certificate in ${folder}`);
      return found;
    };
    return [
      ['routes, links, writes; public endpoints alone', async () => routingFaults(edge, gateway)],
      ["the original's sample script", async () => this.sampleFaults()],
      ...(hasTokens
        ? ([
            ['tokens', async () => tokenFaults(edge.url)],
            ['HTTPS, and the way to it', async () => transportFaults(hostname, edge.address)],
          ] as const)
        : ([['HTTPS beside HTTP', async () => this.httpsFaults(gateway)]] as const)),
      [
        'mTLS, and who may call what',
        async () =>
          identityFaults({
            edge: certificate(folders.edge),
            somebody: certificate(folders.somebody),
          }),
      ],
      [
        'what Prometheus reads by the rendered monitors',
        async () => metricsFaults(this.ground.folder, this.place.manifests),
      ],
      ['what is sent again, and how long the edge waits', async () => this.withBrokenOrders()],
      ...this.upgrades(),
      ...this.place.objects.flatMap((each) => {
        // the shared ingress gateway is in a namespace of its own, for which it is not
        const isForEdge = each.kind === 'Telemetry' && edge.id.endsWith(`.${namespaceOf(each)}`);
        const check = async () => telemetryFaults(each, edge, this.ground.cluster);
        return isForEdge ? [['what is logged and counted', check] as const] : [];
      }),
    ];
  }

  async stop(): Promise<void> {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: this.place.objects.filter(({ kind }) => kind !== 'Namespace'),
    });
    const { cluster, mesh } = this.ground;
    await mesh.end();
    cluster.must(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], list);
    const made = 'pods,endpointslices,sidecars';
    cluster.must(['delete', made, '--all', '-n', 'storefront', '--force', '--grace-period=0']);
  }

  /** Last of all: Accounts is not what it was afterwards. */
  private upgrades(): readonly (readonly [what: string, check: () => Promise<string[]>])[] {
    const { cluster, mesh } = this.ground;
    const { manifests } = this.place;
    // without the counting, whose filter this Envoy does not have: it would refuse all of its listeners
    const objects = this.place.objects.filter(({ kind }) => kind !== 'Telemetry');
    const upgraded = {
      cluster,
      mesh,
      edge: this.edge,
      objects,
      deployment: workloadOf('accounts', manifests).manifest,
    };
    const hasSubsets = this.place.objects.some(({ kind }) => kind === 'VirtualService');
    return [
      ...(hasSubsets ? [['what subsets would lose', async () => subsetFaults(upgraded)] as const] : []),
      ['an upgrade under load', async () => upgradeFaults(upgraded)],
    ];
  }

  private async sampleFaults(): Promise<string[]> {
    const { url, headers } = this.edge;
    const journey = { url, token: headers['authorization']?.replace('Bearer ', ''), say: () => {} };
    const customers = await sampleJourney(journey);
    return customers.length === 3 ? [] : [`it ends with ${customers.length} customers, not 3`];
  }

  private async httpsFaults(gateway: string): Promise<string[]> {
    return routingFaults({ ...this.edge, url: this.edge.url.replace('http:', 'https:') }, gateway);
  }

  private async withBrokenOrders(): Promise<string[]> {
    const broken = await BrokenService.start();
    addSidecars(this.ground.cluster, { ...portsOf(this.ground.system), orders: broken.port });
    try {
      await broken.isReached(this.edge);
      return await patienceFaults(this.edge, broken);
    } finally {
      addSidecars(this.ground.cluster, portsOf(this.ground.system));
      await broken.stop();
    }
  }

  private async isServing(): Promise<void> {
    const ask = async (path: string) =>
      (await fetch(this.edge.url + path, { headers: this.edge.headers }).catch(() => undefined))?.status;
    for (const service of services)
      await eventually(
        () => ask(`/${service}/`),
        (status) => status === 200,
        60_000,
      );
  }
}

/** The name that a Gateway answers to; undefined where it answers to any. */
function hostOf(manifests: Manifests): string | undefined {
  const gateways = manifests.of('Gateway').map((each) => specOf<{ listeners?: { hostname?: string }[] }>(each));
  return gateways.flatMap(({ listeners = [] }) => listeners)[0]?.hostname;
}

function portsOf({ urls }: System) {
  const port = (url: string) => Number(new URL(url).port);
  return { accounts: port(urls.accounts), orders: port(urls.orders), fulfillment: port(urls.fulfillment) };
}

/** The keys of the issuer of this run, instead of the address where they would be. */
function withKeys(manifest: Manifest): Manifest {
  if (manifest.kind !== 'RequestAuthentication') return manifest;
  const { jwtRules, ...spec } = specOf<{ jwtRules: object[] }>(manifest);
  return { ...manifest, spec: { ...spec, jwtRules: jwtRules.map((rule) => ({ ...rule, jwksUri: undefined, jwks })) } };
}
