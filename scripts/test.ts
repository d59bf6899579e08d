import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../embedded/repository';
import { buildAnew } from './build-apps';
import { messageOf } from './command-line';

/** With these jest runs no test, so that nothing has to be built for it. */
const asksOnly: ReadonlySet<string> = new Set(['--help', '-h', '--version', '--showConfig', '--listTests']);

/** Builds what the tests run, then is jest with these arguments; resolves with its exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (!args.some((each) => asksOnly.has(each))) await buildAnew();
  const jest = join(repositoryRoot(), 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...args], {
    stdio: 'inherit',
  });
  // Ctrl-C reaches jest by itself; this process ends when jest has ended
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
