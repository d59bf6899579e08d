import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A connection that a test writes to byte by byte, or does not read from. */
export class RawClient {
  text = '';
  readonly closed: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => void (this.text += chunk.toString('latin1'))).on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Writes the head of a POST whose body is longer than what is sent of it. */
  trickle(path: string, part: string): void {
    this.socket.write(
      `POST ${path} HTTP/1.1\r\nhost: h\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n${part}`,
    );
  }

  /** Asks for something and reads nothing of it. */
  askWithoutReading(path: string): void {
    this.socket.pause();
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: h\r\n\r\n`);
  }

  get status(): number {
    return Number(this.text.split(' ')[1] ?? 0);
  }
}
