import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server: everything passes, until one side is made to fall silent or to close. */
export class Door {
  /** Connections to it, in the order in which they came. */
  readonly taken: Socket[] = [];
  private readonly silent = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** The target is reached for with each connection: it may come later. */
  static async open(target: { host: string; port: number }): Promise<Door> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Door(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Nothing comes through the connections of now any more, and nobody is told: they are half-open. */
  silence(): void {
    for (const socket of this.taken) this.silent.add(socket);
  }

  /** The target dies: what stands before it closes its connections in the orderly way. */
  shut(): void {
    for (const socket of this.taken) socket.end();
  }

  close(): void {
    this.server.close();
    for (const socket of this.taken) socket.destroy();
  }

  private accept(client: Socket): void {
    this.taken.push(client);
    const inner = connect(this.target);
    client.on('data', (chunk) => this.silent.has(client) || inner.write(chunk)).on('close', () => inner.destroy());
    inner.on('data', (chunk) => this.silent.has(client) || client.write(chunk)).on('close', () => client.destroy());
    for (const socket of [client, inner]) socket.on('error', () => socket.destroy());
  }
}
