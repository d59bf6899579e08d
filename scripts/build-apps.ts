import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../embedded/lock';
import { repositoryRoot } from '../embedded/repository';
import { buildInfoOf, writeBuildInfo } from './build-info';

/** Builds dist, the services and the operators' commands, if it is older than a source. Safe when several processes call it at once. */
export async function buildApps(onProgress: (line: string) => void = () => {}): Promise<void> {
  const root = repositoryRoot();
  if (isFresh(root)) return;
  await locked(root, async () => {
    if (isFresh(root)) return;
    onProgress('Building the services …');
    await build(root);
  });
}

/** Builds dist, fresh or not. */
export async function buildAnew(): Promise<void> {
  const root = repositoryRoot();
  await locked(root, () => build(root));
}

async function locked(root: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(join(root, 'dist'), { recursive: true });
  await withLock(join(root, 'dist', 'build.lock'), work);
}

/** What is there after a failure must not pass for built: a failed compilation emits too. */
async function build(root: string): Promise<void> {
  const info = buildInfoOf(root);
  const begun = new Date();
  rmSync(info, { force: true });
  await nestBuild(root);
  writeBuildInfo(root);
  utimesSync(info, begun, begun); // a source that was saved meanwhile is newer
}

/** What was built says so at last, with the time when it was begun. */
function isFresh(root: string): boolean {
  const info = buildInfoOf(root);
  if (!existsSync(info)) return false;
  const settings = ['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
  const folders = ['apps', 'libs', 'scripts'].flatMap((folder) => sources(root, folder));
  const files = [...settings.map((name) => join(root, name)), ...folders];
  const built = statSync(info).mtimeMs;
  return files.every((file) => statSync(file).mtimeMs <= built);
}

function sources(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(e2e-)?spec\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function nestBuild(root: string): Promise<void> {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const child = spawn(process.execPath, [nest, 'build', 'accounts'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`The services do not compile (nest build ended with ${code}):\n${output.trim()}`);
}
