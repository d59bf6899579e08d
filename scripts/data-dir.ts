import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolder } from '../embedded/private-files';
import { describe, isAlive } from '../embedded/processes';

const MARKER = 'storefront-data';

const markerOf = (dataDir: string) => join(dataDir, MARKER);
const ownerOf = (dataDir: string) => join(dataDir, 'system.pid');

/**
 * Creates the directory, or takes one that a storefront created; nobody but its owner may enter it. Throws where it has other files: npm run
 * clean deletes it as a whole.
 */
export function prepareDataDir(dataDir: string): void {
  privateFolder(dataDir);
  if (isDataDir(dataDir)) return;
  if (readdirSync(dataDir).length > 0) {
    throw new Error(`${dataDir} has files that are not the storefront's: name an empty or new STOREFRONT_DATA_DIR.`);
  }
  writeFileSync(
    markerOf(dataDir),
    'Kafka, documents and logs of a storefront on this machine. npm run clean deletes it.\n',
  );
}

/** Makes the key that Accounts uses for card numbers, once: the numbers of this directory are not recognised with another one. */
export function makeCardKey(file: string): void {
  if (existsSync(file)) return;
  writeFileSync(file, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
}

export function isDataDir(dataDir: string): boolean {
  return existsSync(markerOf(dataDir));
}

/** Returns whether an earlier owner died without releasing it. Throws while another process has it. */
export function takeDataDir(dataDir: string): boolean {
  const owner = livingOwner(dataDir);
  if (owner !== undefined) {
    throw new Error(`A storefront runs on ${dataDir} already (process ${owner}). Stop it, or set STOREFRONT_DATA_DIR.`);
  }
  const leftBehind = existsSync(ownerOf(dataDir));
  writeFileSync(ownerOf(dataDir), `${process.pid}\n`);
  return leftBehind;
}

export function releaseDataDir(dataDir: string): void {
  rmSync(ownerOf(dataDir), { force: true });
}

export function livingOwner(dataDir: string): number | undefined {
  if (!existsSync(ownerOf(dataDir))) return undefined;
  const pid = Number(readFileSync(ownerOf(dataDir), 'utf8'));
  if (!isAlive(pid)) return undefined;
  // after a reboot the number may be somebody else's
  return describe(pid)?.command.includes('node') ? pid : undefined;
}
