import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../test/eventually';
import type { Tools } from '../go-tools';
import type { Processes } from './processes';

export interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly warnings: string;
}

const etcd = 'http://127.0.0.1:2379';
/** On the loopback interface, as all that is made up here. */
export const apiAddress = '10.77.0.250';

/** A real etcd and API server of one run. */
export class Cluster {
  readonly kubeconfig: string;

  private constructor(
    private readonly folder: string,
    private readonly tools: Tools,
    private readonly processes: Processes,
  ) {
    this.kubeconfig = join(folder, 'kubeconfig');
  }

  static async start(folder: string, tools: Tools, processes: Processes): Promise<Cluster> {
    mkdirSync(folder, { recursive: true });
    const cluster = new Cluster(folder, tools, processes);
    cluster.startEtcd();
    cluster.startApi();
    cluster.writeKubeconfig();
    await eventually(
      () => cluster.kubectl(['get', '--raw', '/readyz']).status,
      (status) => status === 0,
      120_000,
    );
    return cluster;
  }

  /** The controllers, the scheduler, and kwok's nodes, two of them. */
  startNodes(): void {
    const its = ['--kubeconfig', this.kubeconfig, '--leader-elect=false', '--bind-address=127.0.0.1'];
    const files = (name: string) => ['--cert-dir', join(this.folder, name)];
    const key = ['--service-account-private-key-file', join(this.folder, 'sa.key')];
    this.processes.start('controllers', this.tool('kube-controller-manager'), [
      ...its,
      ...key,
      ...files('controllers'),
      '--use-service-account-credentials=false',
      '--horizontal-pod-autoscaler-sync-period=1s',
      '--controllers=*,-nodeipam,-node-route-controller,-cloud-node-lifecycle-controller',
    ]);
    this.processes.start('scheduler', this.tool('kube-scheduler'), [...its, ...files('scheduler')]);
    const kwok = ['--kubeconfig', this.kubeconfig, '--manage-all-nodes=true', '--node-lease-duration-seconds=40'];
    this.processes.start('kwok', this.tool('kwok'), [...kwok, '--server-address=127.0.0.1:10247']);
  }

  kubectl(args: readonly string[], input?: string): Said {
    const { status, stdout, stderr, error } = spawnSync(
      this.tool('kubectl'),
      ['--kubeconfig', this.kubeconfig, ...args],
      {
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        ...(input !== undefined && { input }),
      },
    );
    if (error) throw error;
    return { status, out: stdout, warnings: stderr };
  }

  /** What it printed; a failure is thrown with what it said. */
  must(args: readonly string[], input?: string): string {
    const { status, out, warnings } = this.kubectl(args, input);
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${warnings || out}`);
    return out;
  }

  apply(objects: readonly object[]): void {
    this.must(
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    );
  }

  /** Definitions of kinds, and waits until the server knows them. */
  define(file: string): number {
    this.must(['apply', '--server-side', '-f', file]);
    this.must(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=120s']);
    return this.must(['get', 'crd', '--no-headers', '-o', 'name']).trim().split('\n').length;
  }

  private startEtcd(): void {
    this.processes.start('etcd', this.tool('etcd'), [
      `--data-dir=${join(this.folder, 'etcd')}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      '--listen-peer-urls=http://127.0.0.1:2380',
      '--unsafe-no-fsync',
    ]);
  }

  private startApi(): void {
    const file = (name: string, text: string) => {
      writeFileSync(join(this.folder, name), text);
      return join(this.folder, name);
    };
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    this.processes.start('api', this.tool('kube-apiserver'), [
      `--etcd-servers=${etcd}`,
      '--bind-address=127.0.0.1',
      `--advertise-address=${apiAddress}`,
      '--secure-port=6443',
      `--cert-dir=${join(this.folder, 'api')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${file('sa.key', privateKey)}`,
      `--service-account-key-file=${file('sa.pub', publicKey)}`,
      `--token-auth-file=${file('tokens.csv', 'admin,admin,admin,"system:masters"\n')}`,
      '--authorization-mode=RBAC',
      '--endpoint-reconciler-type=none',
      `--admission-control-config-file=${file('admission.json', JSON.stringify(admission))}`,
    ]);
  }

  private writeKubeconfig(): void {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster: { server: 'https://127.0.0.1:6443', 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'admin', user: { token: 'admin' } }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'admin' } }],
      'current-context': 'here',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config));
  }

  private tool(name: string): string {
    const found = this.tools[name];
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }
}

/** Whatever is not restricted is warned of, also where a namespace does not ask for it. */
const admission = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AdmissionConfiguration',
  plugins: [
    {
      name: 'PodSecurity',
      configuration: {
        apiVersion: 'pod-security.admission.config.k8s.io/v1',
        kind: 'PodSecurityConfiguration',
        defaults: { warn: 'restricted', 'warn-version': 'latest' },
      },
    },
  ],
};
