import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const buildInfoOf = (root: string) => join(root, 'dist', 'build-info.json');

/** What /actuator/info tells of a build: version, time, commit. */
export function writeBuildInfo(root: string): void {
  const { name: group, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package;
  const { GIT_BRANCH, GIT_COMMIT, GIT_COMMIT_TIME } = process.env;
  const branch = GIT_BRANCH || git(root, 'rev-parse', '--abbrev-ref', 'HEAD');
  const id = GIT_COMMIT || git(root, 'rev-parse', '--short', 'HEAD');
  const time = GIT_COMMIT_TIME || git(root, 'log', '-1', '--format=%cI');
  const info = {
    group,
    version,
    time: new Date().toISOString(),
    ...(branch && { branch }),
    ...(id && { commit: { id, ...(time && { time }) } }),
  };
  writeFileSync(buildInfoOf(root), `${JSON.stringify(info, null, 2)}\n`);
}

interface Package {
  readonly name: string;
  readonly version: string;
}

function git(root: string, ...parameters: string[]): string | undefined {
  try {
    return execFileSync('git', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
