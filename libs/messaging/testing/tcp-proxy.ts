import { connect, createServer, type Server, type Socket } from 'node:net';

type Fault = 'lose request' | 'lose response' | { readonly delayMs: number } | { readonly held: Promise<void> };

/**
 * Stands between the MongoDB driver and its store and breaks the connection at a chosen command, once. The command is told
 * by its name in the request (OP_MSG: the first element of its document), so that the driver's own heartbeats pass.
 */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private readonly faults = new Map<string, Fault>();
  private refusing = false;
  /** Takes no new connection after the next fault, until `allow`. */
  refuseAfterFault = false;
  /** How often a fault struck; a lost or late response counts once the store has given it. */
  struck = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async to(uri: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(uri);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, { host: hostname, port: Number(port) });
  }

  get uri(): string {
    const address = this.server.address();
    return `mongodb://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** The next `command` does not reach the store; its connection breaks. */
  loseRequest(command: string): void {
    this.faults.set(command, 'lose request');
  }

  /** The store executes the next `command`, its answer is thrown away; the connection breaks. */
  loseResponse(command: string): void {
    this.faults.set(command, 'lose response');
  }

  /** The store executes the next `command`, its answer comes late. */
  delayResponse(command: string, delayMs: number): void {
    this.faults.set(command, { delayMs });
  }

  /** The next `command` reaches the store only when the returned function is called. */
  holdRequest(command: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.faults.set(command, { held: promise });
    return resolve;
  }

  /** Breaks every connection and takes no new one until `allow`. */
  refuse(): void {
    this.refusing = true;
    for (const socket of this.sockets) socket.destroy();
  }

  allow(): void {
    this.refusing = false;
    this.refuseAfterFault = false;
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.destroy();
      return;
    }
    const store = connect(this.target);
    let fault: Fault | undefined;
    for (const socket of [client, store]) this.track(socket);
    client
      .on('close', () => store.destroy())
      .on('data', (request) => {
        const news = this.take(request);
        fault = news ?? fault;
        if (news === 'lose request' || (typeof news === 'object' && 'held' in news)) this.strike();
        if (fault === 'lose request') client.destroy();
        else if (typeof fault === 'object' && 'held' in fault) void fault.held.then(() => store.write(request));
        else store.write(request);
      });
    store
      .on('close', () => client.destroy())
      .on('data', (response) => {
        const current = fault;
        fault = undefined;
        // not before: the store has executed the command now
        if (current === 'lose response' || (typeof current === 'object' && 'delayMs' in current)) this.strike();
        if (current === 'lose response') client.destroy();
        else if (typeof current === 'object' && 'delayMs' in current)
          setTimeout(() => client.write(response), current.delayMs);
        else client.write(response);
      });
  }

  private strike(): void {
    this.struck++;
    this.refusing ||= this.refuseAfterFault;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    // a broken connection is what this is for
    socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }

  private take(request: Buffer): Fault | undefined {
    for (const [command, fault] of this.faults) {
      // an element of type string: 0x02, its name, 0x00
      if (!request.includes(`\x02${command}\0`)) continue;
      this.faults.delete(command);
      return fault;
    }
    return undefined;
  }
}
