import type { Socket } from 'node:net';
import { open } from './attacker';

/** Clients that ask, and never take anything of what they are answered. */
export class StalledReaders {
  private readonly sockets: Socket[] = [];

  begin(url: string, count: number, path: string): void {
    for (let index = 0; index < count; index++) {
      const socket = open(url, false);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n`);
      this.sockets.push(socket);
    }
  }

  end(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
