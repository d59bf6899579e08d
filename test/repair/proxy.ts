import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Before a service: hands on what it is asked, and breaks the connection where `breaks` says so, before or after that. */
export class Proxy {
  breaks: (method: string, path: string) => 'before' | 'after' | undefined = () => undefined;
  readonly seen: string[] = [];
  private readonly server: Server;

  private constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((incoming, answer) => {
      const { method = '', url: path = '', headers } = incoming;
      this.seen.push(`${method} ${path}`);
      const breaks = this.breaks(method, path);
      if (breaks === 'before') return void answer.destroy();
      const onward = request({ hostname, port, method, path, headers, agent: false }, (back) => {
        if (breaks === 'after') return void answer.destroy();
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      });
      onward.once('error', () => answer.destroy());
      incoming.pipe(onward);
    });
  }

  static async before(target: string): Promise<Proxy> {
    const proxy = new Proxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
