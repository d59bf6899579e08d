import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that asks for something and then takes no more than the first bytes of the answer. */
export class StalledReader {
  private constructor(
    private readonly socket: Socket,
    /** Of the status line; undefined while nothing has come. */
    readonly status: number,
    readonly head: string,
  ) {}

  /** Resolves when the answer has begun. */
  static async ask(url: string, path: string): Promise<StalledReader> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    await once(socket, 'readable');
    const head = String(socket.read(200) ?? socket.read());
    return new StalledReader(socket, Number(head.split(' ')[1]), head);
  }

  /** Takes the rest; resolves with its bytes when the connection is closed by the other side. */
  async rest(): Promise<number> {
    let bytes = 0;
    this.socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    if (!this.socket.closed) await once(this.socket, 'close');
    return bytes;
  }

  leave(): void {
    this.socket.destroy();
  }
}
