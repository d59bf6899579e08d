import { readdirSync, readFileSync } from 'node:fs';

export type ThreadState = 'runnable' | 'blocked' | 'waiting' | 'terminated';

export interface OsThread {
  id: number;
  name: string;
  state: ThreadState;
}

const tasks = '/proc/self/task';
const states: Readonly<Record<string, ThreadState>> = { R: 'runnable', D: 'blocked', Z: 'terminated', X: 'terminated' };

/** The process's threads as the operating system has them, the main one first; none where it does not tell (only Linux does). */
export function osThreads(): OsThread[] {
  try {
    return readdirSync(tasks)
      .flatMap((id) => threadOf(Number(id)) ?? [])
      .toSorted((a, b) => a.id - b.id);
  } catch {
    return [];
  }
}

/** A thread may end while it is looked at. */
function threadOf(id: number): OsThread | undefined {
  try {
    const [, name = '', state = ''] = /^\d+ \((.*)\) (\w)/s.exec(readFileSync(`${tasks}/${id}/stat`, 'utf8')) ?? [];
    return { id, name, state: states[state] ?? 'waiting' };
  } catch {
    return undefined;
  }
}
