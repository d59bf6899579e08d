import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../embedded/repository';
import { onlyHelp, say } from './command-line';
import { isDataDir, livingOwner } from './data-dir';

onlyHelp(`
usage: npm run clean

Deletes what was built (dist, coverage, embedded/target) and the data of npm start (STOREFRONT_DATA_DIR, .storefront).
`);

const root = repositoryRoot();
const dataDir = resolve(root, process.env['STOREFRONT_DATA_DIR'] ?? '.storefront');

function refuse(reason: string): never {
  process.stderr.write(`${reason}\nNothing was deleted.\n`);
  process.exit(1);
}

if (existsSync(dataDir)) {
  if (!isDataDir(dataDir)) refuse(`${dataDir} is not a data directory of the storefront.`);
  const owner = livingOwner(dataDir);
  if (owner !== undefined) refuse(`A storefront runs on ${dataDir} (process ${owner}): stop it first.`);
}
for (const path of [...['dist', 'coverage', 'embedded/target'].map((name) => join(root, name)), dataDir]) {
  if (!existsSync(path)) continue;
  rmSync(path, { recursive: true });
  say(`deleted ${path}`);
}
