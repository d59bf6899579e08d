import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { livingHolder, type Lock, takeLock } from '../embedded/lock';
import { privateFolder } from '../embedded/private-files';

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

/**
 * Makes the directory this process's own until it releases it, or ends. `wasLeftBehind` says that an earlier owner died without
 * releasing it. Throws while another process has it.
 */
export function takeDataDir(dataDir: string): Lock {
  const lock = takeLock(ownerOf(dataDir));
  if (lock !== undefined) return lock;
  const owner = livingOwner(dataDir);
  const who = owner === undefined ? '' : ` (process ${owner})`;
  throw new Error(`A storefront runs on ${dataDir} already${who}. Stop it, or set STOREFRONT_DATA_DIR.`);
}

export function livingOwner(dataDir: string): number | undefined {
  return livingHolder(ownerOf(dataDir));
}
