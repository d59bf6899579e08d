import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Starts servers whose output goes to files of one folder; they end with the namespace that all of this runs in. */
export class Processes {
  constructor(private readonly folder: string) {}

  logOf(name: string): string {
    return readFileSync(this.fileOf(name), 'utf8');
  }

  start(
    name: string,
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): ChildProcess {
    rmSync(this.fileOf(name), { force: true });
    // Envoy opens the same file once more: who does not append writes over the other's lines
    const log = openSync(this.fileOf(name), 'a');
    return spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  }

  private fileOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }
}
