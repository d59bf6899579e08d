import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = '4.32.5';

/** Where Schemathesis is; installs it outside the repository the first time. Undefined where that cannot be done. */
export function schemathesis(): string | undefined {
  const given = process.env['SCHEMATHESIS'];
  if (given !== undefined && given !== '') return given;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'storefront', `schemathesis-${version}`);
  const tool = join(folder, 'bin', 'schemathesis');
  if (works(tool)) return tool;
  if (!succeeds('python3', ['-m', 'venv', '--clear', folder])) return undefined;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`];
  return succeeds(join(folder, 'bin', 'python'), pip) && works(tool) ? tool : undefined;
}

/** An installation that was broken off may be there and not work. */
function works(tool: string): boolean {
  return existsSync(tool) && succeeds(tool, ['--version']);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
