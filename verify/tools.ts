import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const kubeconform = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0';
const kustomize = 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1';
const crdGenerator = '0.45.0';
/** What Strimzi 1's classes are compiled for. */
const oldestJava = 21;

/** Where tools and schemas stay between two runs: outside the repository. */
export function cacheFolder(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storefront', 'deploy');
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function has(tool: string, ...args: string[]): boolean {
  return spawnSync(tool, args, { stdio: 'ignore' }).status === 0;
}

/** What a command printed; its failure is thrown with what it said. */
export function output(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}\n${stderr}`.trim()}`);
}

/** kubectl where it is new enough for our manifests, else kustomize itself. */
export function renderer(cache: string): (folder: string) => string {
  if (/v5\./.test(spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout ?? '')) {
    return (folder) => output('kubectl', ['kustomize', folder]);
  }
  const tool = goTool(cache, kustomize);
  return (folder) => output(tool, ['build', folder]);
}

export function kubeconformTool(cache: string): string {
  return goTool(cache, kubeconform);
}

function goTool(cache: string, what: string): string {
  const tool = join(cache, `${what.split('/').at(-1)}`);
  const made = join(cache, (what.split('@')[0] ?? '').split('/').findLast((part) => !/^v\d+$/.test(part)) ?? '');
  if (existsSync(tool)) return tool;
  output('go', ['install', what], { cwd: tmpdir(), env: { ...process.env, GOBIN: cache, GOFLAGS: '' } });
  output('mv', [made, tool]);
  return tool;
}

/** The folder of a Go module, downloaded if it is not there. */
export function moduleFolder(module: string): string {
  const answer = JSON.parse(output('go', ['mod', 'download', '-json', module], { cwd: tmpdir() })) as { Dir: string };
  return answer.Dir;
}

/** Strimzi publishes no definitions apart from its operator: they are generated from its classes, as its own build does. */
export function strimziDefinitions(cache: string, version: string): string {
  const folder = join(cache, `strimzi-${version}`);
  const definitions = join(folder, 'definitions');
  mkdirSync(definitions, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), pom(version));
  const copy = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'libs')}`];
  output('mvn', copy, { cwd: folder });
  const kinds = ['kafka.Kafka', 'nodepool.KafkaNodePool', 'topic.KafkaTopic', 'user.KafkaUser'].map(
    (name) => `io.strimzi.api.kafka.model.${name}=${join(definitions, `${name.split('.')[1]}.yaml`)}`,
  );
  output(recentJava(), ['-cp', join(folder, 'libs', '*'), 'io.strimzi.crdgenerator.CrdGenerator', '--yaml', ...kinds]);
  return definitions;
}

/** A java command of version 21 or newer: JAVA_HOME's, the one on PATH, or one of those that Linux keeps beside each other. */
function recentJava(): string {
  const beside = '/usr/lib/jvm';
  const homes = existsSync(beside) ? readdirSync(beside).map((name) => join(beside, name)) : [];
  const all = [process.env['JAVA_HOME'] ?? '', ...homes]
    .filter((home) => home !== '')
    .map((home) => join(home, 'bin/java'));
  const found = ['java', ...all].find((java) => {
    const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
    return Number(/version "(\d+)/.exec(stderr ?? '')?.[1]) >= oldestJava;
  });
  if (found) return found;
  throw new Error(`Strimzi's definitions need Java ${oldestJava} or newer: set JAVA_HOME to one`);
}

function pom(version: string): string {
  const dependency = (artifact: string, its: string, more = '') =>
    `<dependency><groupId>io.strimzi</groupId><artifactId>${artifact}</artifactId><version>${its}</version>${more}</dependency>`;
  const alone = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>storefront</groupId><artifactId>definitions</artifactId><version>1</version>
  <dependencies>${dependency('api', version)}${dependency('crd-generator', crdGenerator, alone)}</dependencies>
</project>`;
}
