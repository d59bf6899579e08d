import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';
import { onlyHelp, say } from './command-line';
import { imageFaults, lockFaults, npmrcFaults, workflowFaults } from './supply-faults';

onlyHelp(`
usage: npm run check:supply

Checks what the build takes from others: checksums in the lock file, install scripts, actions and images that nobody can
replace, and (where an advisory database can be reached) dependencies with a known advisory of level high or above.
`);

const root = repositoryRoot();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
const ofKind = (pattern: RegExp) => tracked.filter((file) => pattern.test(file));

const lock = JSON.parse(read('package-lock.json')) as { packages: Parameters<typeof lockFaults>[0] };
const faults = [
  ...lockFaults(lock.packages),
  ...npmrcFaults(read('.npmrc')),
  ...ofKind(/^\.github\/workflows\/.*\.ya?ml$/).flatMap((file) => workflowFaults(file, read(file))),
  ...ofKind(/(^|\/)Dockerfile$|^compose\.yaml$|^(k8s|istio|charts)\/.*\.ya?ml$/).flatMap((file) =>
    imageFaults(file, read(file)),
  ),
  ...advisories(),
];
for (const fault of faults) say(fault);
if (faults.length === 0)
  say(
    `${Object.keys(lock.packages).length - 1} packages, workflows and images: checksums, scripts and digests are as expected`,
  );
process.exitCode = faults.length > 0 ? 1 : 0;

/** Dependencies of the services with a known advisory; none, with a line that says so, where no database answers. */
function advisories(): string[] {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  const report = reportIn(stdout);
  if (!report) {
    say('known advisories: not checked, no advisory database can be reached');
    return [];
  }
  return Object.entries(report).flatMap(([name, { severity }]) =>
    severity === 'high' || severity === 'critical'
      ? [`${name}: has an advisory of level ${severity}; see npm audit`]
      : [],
  );
}

function reportIn(text: string | null): Record<string, { severity: string }> | undefined {
  try {
    return (JSON.parse(text ?? '') as { vulnerabilities?: Record<string, { severity: string }> }).vulnerabilities;
  } catch {
    return undefined;
  }
}
