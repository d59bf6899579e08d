import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../eventually';

/** Stands for all services: it grants the lease, and never has a digest. */
class Keeper {
  holder: string | null = null;
  taken = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { holder = null } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { holder?: string };
        const answer = this.answer(request.url ?? '', holder);
        if (answer) response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(path: string, holder: string | null): object | undefined {
    if (path.endsWith('/reconciliation/take')) {
      this.taken++;
      this.holder = holder;
    }
    if (path.endsWith('/reconciliation/end') && holder === this.holder) this.holder = null;
    if (path.includes('/reconciliation')) return { holder: this.holder, beat: this.taken, granted: true };
    return undefined;
  }
}

const keeper = new Keeper();

afterEach(() => keeper.stop());

it('gives its lease back when npm is told to end', async () => {
  const url = await keeper.listen();
  const urls = ['accounts', 'orders', 'fulfillment'].map((name) => `--url=${name}=${url}`);
  const npm = spawn('npm', ['run', '--silent', 'reconcile', '--', ...urls, '--password=secret'], { stdio: 'ignore' });
  const ended = once(npm, 'close');
  await eventually(
    () => keeper.holder,
    (holder) => holder !== null,
  );
  npm.kill('SIGTERM');
  // the digest is given up after 30 s: by then the lease would be given back in any case
  await eventually(
    () => keeper.holder,
    (holder) => holder === null,
    15_000,
  );
  expect(await ended).not.toEqual([0, null]);
  expect(keeper.taken).toBe(1);
});
