import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, endProcess, isAlive } from './processes';

export type Engine = 'kafka' | 'mongo';

interface Entry {
  readonly pid: number;
  readonly startedBy: number;
}

// one file an engine: a data directory may be served by one JVM or by two
const fileOf = (dataDir: string, engine: Engine) => join(dataDir, `${engine}.pid`);

export function writePidFiles(dataDir: string, engines: readonly Engine[], pid: number): void {
  const entry: Entry = { pid, startedBy: process.pid };
  for (const engine of engines) writeFileSync(fileOf(dataDir, engine), `${JSON.stringify(entry)}\n`);
}

export function removePidFiles(dataDir: string, engines: readonly Engine[], pid: number): void {
  for (const engine of engines) {
    if (read(dataDir, engine)?.pid === pid) rmSync(fileOf(dataDir, engine), { force: true });
  }
}

/**
 * Ends a JVM that outlived the process that started it. One whose owner lives is somebody's running system: an error.
 */
export async function endStaleEngines(
  dataDir: string,
  engines: readonly Engine[],
  jar: string,
  onProgress: (line: string) => void,
): Promise<void> {
  for (const engine of engines) {
    const entry = read(dataDir, engine);
    if (entry === undefined || !isAlive(entry.pid)) continue;
    const found = describe(entry.pid);
    // the number may belong to somebody else's process by now
    if (found === undefined || !found.command.includes(jar) || !found.command.includes(dataDir)) continue;
    if (found.parent === entry.startedBy) {
      throw new Error(
        `${dataDir} is in use by the engines of process ${entry.startedBy} (JVM ${entry.pid}). ` +
          'Stop it first, or name another directory (STOREFRONT_DATA_DIR).',
      );
    }
    onProgress(`Ending engines left behind by an earlier run (process ${entry.pid}) …`);
    await endProcess(entry.pid, 5_000);
  }
}

function read(dataDir: string, engine: Engine): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(readFileSync(fileOf(dataDir, engine), 'utf8'));
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined; // none there, or not one of ours
  }
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'startedBy' in value &&
    typeof value.startedBy === 'number'
  );
}
