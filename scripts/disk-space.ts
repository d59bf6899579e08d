import { statfsSync } from 'node:fs';
import { messageOf } from './command-line';

const MIB = 2 ** 20;
/** With less, the broker cannot make a segment of its log, and the store no room for its next change. */
const FULL_BELOW_BYTES = 32 * MIB;
/** What the engines end with when the store cannot write. */
const CANNOT_WRITE = 74;

/** In words that the disk of a folder is full; undefined where it is not, or cannot be asked. */
export function fullDisk(folder: string, freeBytes: (folder: string) => number = freeBytesOf): string | undefined {
  try {
    const free = freeBytes(folder);
    if (free >= FULL_BELOW_BYTES) return undefined;
    return `The disk is full: ${Math.floor(free / MIB)} MB are free at ${folder}. Make room there; nothing that was acknowledged is lost.`;
  } catch {
    return undefined;
  }
}

/** Why the engines died, where it is the disk. */
export function diskTrouble(folder: string, exitCode: number | null): string | undefined {
  const full = fullDisk(folder);
  if (full !== undefined || exitCode !== CANNOT_WRITE) return full;
  return `The document store cannot write to ${folder}: the disk is full, or a limit of this user is reached.`;
}

/** What a person is told of an error; of a full disk what that means. */
export function told(error: unknown): string {
  const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return isFull ? `The disk is full (${messageOf(error)}). Make room, and start again.` : messageOf(error);
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
