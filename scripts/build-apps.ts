import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../embedded/lock';
import { repositoryRoot } from '../embedded/repository';

/** Builds dist if it is older than a source, as `npm run build` does. Safe when several processes call it at once. */
export async function buildApps(onProgress: (line: string) => void = () => {}): Promise<void> {
  const root = repositoryRoot();
  if (isFresh(root)) return;
  mkdirSync(join(root, 'dist'), { recursive: true });
  await withLock(join(root, 'dist', 'build.lock'), async () => {
    if (isFresh(root)) return;
    onProgress('Building the services …');
    // a failed build emits too: what is there must not pass for built
    rmSync(builtLast(root), { force: true });
    await nestBuild(root);
  });
}

const builtLast = (root: string) => join(root, 'dist', 'apps', 'accounts', 'src', 'main.js');

function isFresh(root: string): boolean {
  if (!existsSync(builtLast(root))) return false;
  const settings = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
  const files = [...settings.map((name) => join(root, name)), ...sources(root, 'apps'), ...sources(root, 'libs')];
  const built = statSync(builtLast(root)).mtimeMs;
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
  if (code === 0) return;
  rmSync(builtLast(root), { force: true });
  throw new Error(`The services do not compile (nest build ended with ${code}):\n${output.trim()}`);
}
