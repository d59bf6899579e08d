import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';

/** Starts servers whose output goes to files of one folder; they end with the namespace that all of this runs in. */
export class Processes {
  constructor(private readonly folder: string) {}

  start(
    name: string,
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): void {
    const log = openSync(join(this.folder, `${name}.log`), 'w');
    spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  }
}
