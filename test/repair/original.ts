import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const actuator = 'application/vnd.spring-boot.actuator.v3+json';

/** Answers at the management endpoints as the recorded original services do: Spring Boot 2.4.5, without /actuator/digest. */
export class Original {
  readonly seen: string[] = [];
  private readonly server: Server = createServer((request, answer) => {
    const { method = '', url = '' } = request;
    this.seen.push(`${method} ${url}`);
    if (url === '/actuator/info') return void answer.writeHead(200, { 'content-type': actuator }).end('{}');
    if (url === '/actuator/health')
      return void answer.writeHead(200, { 'content-type': actuator }).end('{"status":"UP"}');
    const error = { timestamp: new Date().toISOString(), status: 404, error: 'Not Found', message: '', path: url };
    answer.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(error));
  });

  static async start(): Promise<Original> {
    const original = new Original();
    await new Promise<void>((resolve) => original.server.listen(0, '127.0.0.1', resolve));
    return original;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
