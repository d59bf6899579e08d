import { chmodSync, existsSync, mkdirSync } from 'node:fs';

const ownerOnly = 0o077;

/** Makes the folder, with those above it that are missing, or takes the one that is there; nobody but its owner may enter it from now on. */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** A file that an earlier version may have left readable for everybody is its owner's from now on. */
export function privateFile(file: string): void {
  if (existsSync(file)) chmodSync(file, 0o600);
}

/** Runs `start`; a process that it starts creates files and folders that are its owner's alone. */
export function withPrivateFiles<T>(start: () => T): T {
  const before = process.umask(ownerOnly);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}
