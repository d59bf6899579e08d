import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_EVERY_MS = 100;

/**
 * One address before several instances of a service, as a cluster has: each connection goes to the next one that answers that it is
 * ready, as seen at the last probe, and stays with it. An instance that nobody is left to replace keeps its place.
 */
export class Twins {
  private readonly sockets = new Set<Socket>();
  private readonly stopped = new AbortController();
  private ready: readonly URL[];
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly instances: readonly URL[],
  ) {
    this.ready = instances;
    server.on('connection', (client) => this.accept(client));
    void this.probe();
  }

  static async before(urls: readonly string[]): Promise<Twins> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Twins(
      server,
      urls.map((url) => new URL(url)),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.stopped.abort();
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async probe(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const answers = await Promise.all(this.instances.map(isReady));
      const ready = this.instances.filter((_, index) => answers[index]);
      if (ready.length > 0) this.ready = ready;
      await sleep(PROBE_EVERY_MS);
    }
  }

  private accept(client: Socket): void {
    const { hostname: host, port } = this.ready[this.turn++ % this.ready.length]!;
    const inner = connect({ host, port: Number(port) });
    for (const [socket, other] of [
      [client, inner],
      [inner, client],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy()).on('close', () => this.sockets.delete(socket));
    }
  }
}

async function isReady(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/actuator/health/readiness', url), { signal: AbortSignal.timeout(1_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
