import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';

// usage: tsx scripts/build-info.ts
// Writes dist/build-info.json, which /actuator/info shows: when was built, and from which commit (git's, or GIT_BRANCH, GIT_COMMIT
// and GIT_COMMIT_TIME where there is no repository, as in an image's build).

const root = repositoryRoot();
const { GIT_BRANCH, GIT_COMMIT, GIT_COMMIT_TIME } = process.env;
const branch = GIT_BRANCH ?? git('rev-parse', '--abbrev-ref', 'HEAD');
const id = GIT_COMMIT ?? git('rev-parse', '--short', 'HEAD');
const time = GIT_COMMIT_TIME ?? git('log', '-1', '--format=%cI');
const info = {
  group: 'storefront',
  time: new Date().toISOString(),
  ...(branch && { branch }),
  ...(id && { commit: { id, ...(time && { time }) } }),
};
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(join(root, 'dist', 'build-info.json'), `${JSON.stringify(info, null, 2)}\n`);

function git(...parameters: string[]): string | undefined {
  try {
    return execFileSync('git', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
