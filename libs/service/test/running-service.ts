import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../../../test/eventually';

interface LogLine {
  level: number;
  msg: string;
  context?: string;
  traceId?: string;
}

/** The service under test as a process of its own, with what it logs. */
export class RunningService {
  readonly log: LogLine[] = [];
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(environment: Record<string, string>) {
    const script = [join(__dirname, 'register-swc.cjs'), join(__dirname, 'service-under-test.ts')];
    this.child = spawn(process.execPath, ['--require', ...script], {
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.child.stdout) createInterface(this.child.stdout).on('line', (line) => this.log.push(JSON.parse(line)));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Resolves with the address once the service listens. */
  async url(): Promise<string> {
    const said = await this.logged(/listens on/);
    return said.replace(/.* listens on /, '');
  }

  async logged(message: RegExp): Promise<string> {
    const line = await eventually(
      () => this.messages().find((text) => message.test(text)),
      (found) => found !== undefined,
    );
    return line ?? '';
  }

  messages(): string[] {
    return this.log.map(({ msg }) => msg);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
