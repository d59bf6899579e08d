import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMark } from './processes';

export interface Lock {
  /** Whether an earlier holder died without giving the lock back. */
  readonly wasLeftBehind: boolean;
  /** Gives it back; does nothing the second time. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When the process started: it differs for a later process that has the same pid. */
  readonly startMark: string;
  /** Random for each time that the lock is taken. */
  readonly nonce: string;
}

/**
 * Takes the lock that the file stands for, or returns undefined while another process on this machine, or this one, has it. A lock
 * whose holder is gone can be taken, also when the holder's number belongs to another process by now; of several that try this at
 * once, one gets it.
 */
export function takeLock(file: string): Lock | undefined {
  const mine: Holder = { pid: process.pid, startMark: startMark(process.pid) ?? '', nonce: randomUUID() };
  let wasLeftBehind = false;
  if (!link(file, mine)) {
    if (livingHolder(file) !== undefined || !removeLeftBehind(file)) return undefined;
    wasLeftBehind = true;
    if (!link(file, mine)) return undefined;
  }
  const release = () => {
    if (holder(file)?.nonce === mine.nonce) rmSync(file, { force: true });
  };
  return { wasLeftBehind, release };
}

/** The number of the living process that has the lock. */
export function livingHolder(file: string): number | undefined {
  const found = holder(file);
  return found !== undefined && isLiving(found) ? found.pid : undefined;
}

const isLiving = ({ pid, startMark: mark }: Holder) => startMark(pid) === mark;

/** Runs the work while no other process on this machine runs work under the same lock file. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  let lock = takeLock(file);
  for (; lock === undefined; lock = takeLock(file)) await sleep(200);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Removes the file of a holder that is gone. Under a lock of its own: who looked earlier than another one must not remove what that one
 * has put there since.
 */
function removeLeftBehind(file: string): boolean {
  const guard = takeLock(`${file}.stale`);
  if (guard === undefined) return false;
  try {
    // read once: where there is no file, the next one to appear is the lock of a living process
    const content = contentOf(file);
    if (content === undefined) return true;
    const found = holderIn(content);
    if (found !== undefined && isLiving(found)) return false;
    rmSync(file, { force: true });
    return true;
  } finally {
    guard.release();
  }
}

/** A link appears with its content in one step, so that nobody ever reads a lock without its holder. */
function link(file: string, holder: Holder): boolean {
  const mine = `${file}.${holder.nonce}`;
  writeFileSync(mine, `${JSON.stringify(holder)}\n`);
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Undefined where nobody has it, and where an earlier version wrote another content. */
function holder(file: string): Holder | undefined {
  const content = contentOf(file);
  return content === undefined ? undefined : holderIn(content);
}

/** Undefined where there is no file, or none that this process may read. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isHolder(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(content: unknown): content is Holder {
  const { pid, startMark: mark, nonce } = (content ?? {}) as Record<string, unknown>;
  return typeof pid === 'number' && typeof mark === 'string' && typeof nonce === 'string';
}
