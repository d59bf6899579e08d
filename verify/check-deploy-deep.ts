import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { messageOf, onlyHelp, say } from '../scripts/command-line';
import { apiAddress } from './deep/cluster';
import { clusterTools } from './go-tools';
import { definitionsFile } from './schemas';
import { cacheFolder, has } from './tools';

onlyHelp(`
usage: npm run check:deploy:deep

Runs what npm run check:deploy only reads: each overlay on a real API server with its controllers and nodes that only say that they
run pods: brought, brought again, drained, taken away. Linux only; needs Go, Maven, a JDK, unshare and ip. What is built of
Kubernetes stays in ~/.cache/storefront.
`);

/** All of it runs in a network of its own, so that the addresses that are made up disturb nobody, and nothing is left behind. */
function main(): number {
  const missing = ['go version', 'mvn --version', 'java -version', 'unshare -rn true', 'ip -V'].filter((each) => {
    const [tool = '', ...its] = each.split(' ');
    return !has(tool, ...its);
  });
  if (missing.length > 0) {
    say(`check:deploy:deep is skipped: there is no ${missing.map((each) => each.split(' ')[0]).join(', ')} here.`);
    return 0;
  }
  const begin = performance.now();
  const cache = cacheFolder();
  clusterTools(cache);
  definitionsFile(cache);
  say(`tools: ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  const up = ['ip link set lo up', `ip addr add ${apiAddress}/32 dev lo`];
  const inside = [process.execPath, ...process.execArgv, join(__dirname, 'deep/main.ts')];
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
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
