import type { Socket } from 'node:net';
import { open } from './attacker';

/** A body whose rest takes more than an hour at this pace. */
const BODY_BYTES = 2_000;
const EVERY_MS = 2_000;

const begun = {
  headers: (path: string) => `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-slow: `,
  body: (path: string) =>
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n{"name":"`,
};

/** Connections on which a request arrives one byte every 2 s, in its headers or in its body. */
export class Trickling {
  private readonly sockets = new Set<Socket>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => {
      for (const socket of this.sockets) socket.write('x');
    }, EVERY_MS);
  }

  /** `count` more connections to one server. */
  begin(url: string, count: number, { of, path }: { of: keyof typeof begun; path: string }): void {
    for (let index = 0; index < count; index++) {
      const socket = open(url);
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.write(begun[of](path));
    }
  }

  /** Connections that the servers have not closed yet. */
  get left(): number {
    return this.sockets.size;
  }

  end(): void {
    clearInterval(this.timer);
    for (const socket of this.sockets) socket.destroy();
  }
}
