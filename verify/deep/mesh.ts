import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { eventually } from '../../test/eventually';
import type { Tools } from '../go-tools';
import { merged } from '../monitors';
import type { Cluster } from './cluster';
import { certificateIn } from './certificates';
import type { Processes } from './processes';

/** Someone in the mesh: a pod of which the proxy alone runs. */
export interface Member {
  readonly name: string;
  readonly namespace: string;
  readonly account: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without a proxy it has a certificate all the same. */
  readonly proxy: 'sidecar' | 'router' | 'none';
}

/** Envoy as it is published lacks Istio's own filters. */
const withoutOwnFilters = { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' };
const meshConfig = {
  trustDomain: 'cluster.local',
  defaultConfig: { discoveryAddress: 'localhost:15012', concurrency: 1 },
  defaultProviders: {},
};

/** A real istiod with its authority, and the agents of the members, each with a real Envoy. */
export class Mesh {
  private ports = 16_000;
  private readonly agents = new Map<string, ChildProcess>();
  private readonly statuses = new Map<string, Server>();

  private constructor(
    private readonly folder: string,
    private readonly cluster: Cluster,
    private readonly tools: Tools,
    private readonly processes: Processes,
  ) {}

  static async start(folder: string, cluster: Cluster, tools: Tools, processes: Processes): Promise<Mesh> {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'mesh.yaml'), JSON.stringify(meshConfig));
    const args = [
      'discovery',
      `--kubeconfig=${cluster.kubeconfig}`,
      `--meshConfig=${join(folder, 'mesh.yaml')}`,
      '--networksConfig=/dev/null',
      '--grpcAddr=127.0.0.1:15010',
      '--httpAddr=127.0.0.1:15080',
      '--httpsAddr=',
      '--secureGRPCAddr=127.0.0.1:15012',
      '--monitoringAddr=127.0.0.1:15014',
    ];
    const env = {
      ...process.env,
      ...withoutOwnFilters,
      POD_NAMESPACE: 'istio-system',
      POD_NAME: 'istiod',
      CLUSTER_ID: 'Kubernetes',
      ISTIOD_CUSTOM_HOST: 'localhost',
    };
    processes.start('istiod', tools['pilot-discovery'] ?? '', args, { env, cwd: folder });
    const isReady = async () => (await fetch('http://127.0.0.1:15080/ready').catch(() => undefined))?.ok;
    await eventually(isReady, (ready) => ready === true, 120_000);
    return new Mesh(folder, cluster, tools, processes);
  }

  /**
   * Starts a member's agent and waits until its proxy is ready, or its certificate there. `metrics` is what the injector would
   * have told it of the service's metrics. Returns the folder of the certificate.
   */
  async join(member: Member, metrics?: Readonly<Record<string, string>>): Promise<string> {
    const { name, namespace, account, address, labels, proxy } = member;
    const home = join(this.folder, name);
    const [admin, status, stats] = [this.ports++, this.ports++, this.ports++];
    const root = await this.writeSecrets(home, namespace, account);
    const proxyConfig = {
      binaryPath: this.tools['envoy'],
      configPath: join(home, 'proxy'),
      discoveryAddress: 'localhost:15012',
      proxyAdminPort: admin,
      statusPort: status,
      concurrency: 1,
    };
    const env = {
      ...process.env,
      POD_NAME: name,
      POD_NAMESPACE: namespace,
      SERVICE_ACCOUNT: account,
      INSTANCE_IP: address,
      HOST_IP: address,
      CA_ADDR: 'localhost:15012',
      PILOT_CERT_PROVIDER: 'istiod',
      CA_ROOT_CA: root,
      XDS_ROOT_CA: root,
      OUTPUT_CERTS: home,
      DISABLE_ENVOY: String(proxy === 'none'),
      ISTIO_BOOTSTRAP: this.tools['bootstrap'],
      ISTIO_META_CLUSTER_ID: 'Kubernetes',
      ISTIO_META_INTERCEPTION_MODE: 'NONE',
      ISTIO_METAJSON_LABELS: JSON.stringify(labels),
      TRUST_DOMAIN: 'cluster.local',
      PROXY_CONFIG: JSON.stringify(proxyConfig),
      ENVOY_PROMETHEUS_PORT: String(stats),
      ...(metrics && { ISTIO_PROMETHEUS_ANNOTATIONS: JSON.stringify(metrics) }),
    };
    const kind = proxy === 'router' ? 'router' : 'sidecar';
    const args = [
      'proxy',
      kind,
      '--domain',
      `${namespace}.svc.cluster.local`,
      '--meshConfig',
      join(this.folder, 'mesh.yaml'),
    ];
    const agent = this.processes.start(`agent-${name}`, this.tools['pilot-agent'] ?? '', args, { cwd: home, env });
    this.agents.set(name, agent);
    const isReady = async () => {
      if (proxy === 'none') return certificateIn(home) !== undefined;
      return (await fetch(`http://127.0.0.1:${admin}/ready`).catch(() => undefined))?.ok ?? false;
    };
    await eventually(isReady, (ready) => ready, 60_000);
    if (metrics) await this.openStatus(address, status);
    return home;
  }

  /** The agents share one network here, so that each has another port; at a pod's address it is the one that pods have. */
  private async openStatus(address: string, port: number): Promise<void> {
    this.statuses.get(address)?.close();
    const server = createServer((asked) => {
      const agent = connect(port, '127.0.0.1');
      pipeline(asked, agent, asked, () => undefined);
    });
    this.statuses.set(address, server);
    await new Promise<void>((resolve) => server.listen(merged.port, address, resolve));
  }

  /** Ends a member's agent as Kubernetes ends a container: its proxy answers for some seconds more. */
  async leave({ name }: Pick<Member, 'name'>): Promise<void> {
    const agent = this.agents.get(name);
    this.agents.delete(name);
    if (!agent || agent.exitCode !== null) return;
    const ended = new Promise((resolve) => agent.once('exit', resolve));
    agent.kill('SIGTERM');
    await ended;
  }

  /** Ends all members. */
  async end(): Promise<void> {
    await Promise.all([...this.agents.keys()].map(async (name) => this.leave({ name })));
  }

  /** What a member's agent and proxy have written. */
  logOf({ name }: Member): string {
    return this.processes.logOf(`agent-${name}`);
  }

  /** What a pod would have mounted: its token, and whom to believe. */
  private async writeSecrets(home: string, namespace: string, account: string): Promise<string> {
    for (const folder of ['istio', 'tokens']) mkdirSync(join(home, 'var/run/secrets', folder), { recursive: true });
    const ofAuthority = ['-n', namespace, 'get', 'configmap', 'istio-ca-root-cert', '-o', 'json'];
    const { out } = await eventually(
      () => this.cluster.kubectl(ofAuthority),
      ({ status }) => status === 0,
      60_000,
    );
    const { data } = JSON.parse(out) as { data: Record<string, string> };
    const root = join(home, 'var/run/secrets/istio/root-cert.pem');
    writeFileSync(root, data['root-cert.pem'] ?? '');
    const token = this.cluster.must([
      '-n',
      namespace,
      'create',
      'token',
      account,
      '--audience',
      'istio-ca',
      '--duration',
      '1h',
    ]);
    writeFileSync(join(home, 'var/run/secrets/tokens/istio-token'), token.trim());
    return root;
  }
}
