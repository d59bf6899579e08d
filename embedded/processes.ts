import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When the process was started, in a form that no other process with the same number has, also not after a reboot. Undefined where
 * there is no such process.
 */
export function startMark(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform !== 'linux') return ask(pid, 'lstart=').trim() || undefined;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the second field is the name, in parentheses, and may have anything in it
    const sinceBoot = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot} ${sinceBoot}`;
  } catch {
    return undefined; // it has just ended
  }
}

/** Sends the signal; the process may have gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** SIGTERM, then SIGKILL to what is still there after the time given. */
export async function endProcess(pid: number, patienceMs: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await isGone(pid, patienceMs)) return;
  signal(pid, 'SIGKILL');
  await isGone(pid, 5_000);
}

async function isGone(pid: number, waitMs: number): Promise<boolean> {
  for (const end = performance.now() + waitMs; performance.now() < end; await sleep(50)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

/** The parent and the command line of a process, the same way on Linux and macOS. */
export function describe(pid: number): { parent: number; command: string } | undefined {
  const found = /^\s*(\d+)\s+(.*)$/m.exec(ask(pid, 'ppid=,args='));
  return found === null ? undefined : { parent: Number(found[1]), command: found[2] ?? '' };
}

/** Processor time that the process has used, in whole seconds; 0 where there is none such. */
export function cpuSeconds(pid: number): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)/.exec(ask(pid, 'time='))?.map((part) => Number(part ?? 0)) ?? [];
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

function ask(pid: number, fields: string): string {
  // dates are as the language and the time zone of whoever asks
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout, error } = spawnSync('ps', ['-ww', '-o', fields, '-p', String(pid)], { encoding: 'utf8', env });
  if (error !== undefined) throw new Error(`ps is needed to look for processes left behind: ${error.message}`);
  return stdout;
}
