import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where `/actuator` is answered: at the application's own port unless there is one for it alone. */
export class ManagementServer {
  private readonly logger = new Logger('Actuator');
  private readonly requests = new WeakSet<IncomingMessage>();
  private server: Server | undefined;

  /** `port` undefined: the application's own; -1: nowhere. */
  constructor(private readonly port: number | undefined) {}

  /** Before the routes: from now on, management is found at its port only, and nothing else is there. */
  divide(instance: FastifyInstance): void {
    if (this.port === undefined) return;
    instance.addHook('onRequest', (request, reply, done) => {
      const isManagement = /^\/actuator(\/|$)/.test(request.routeOptions.url ?? '');
      const isHere = this.requests.has(request.raw);
      if (isManagement === isHere || request.is404) return done();
      reply.callNotFound();
    });
  }

  async listen(instance: FastifyInstance, host: string): Promise<void> {
    if (this.port === undefined || this.port === -1) return;
    await instance.ready();
    const server = createServer((request, response) => {
      this.requests.add(request);
      instance.routing(request, response);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, host, resolve);
    });
    this.logger.log(`Management endpoints listen on port ${this.address?.port}`);
  }

  get address(): AddressInfo | undefined {
    const address = this.server?.address();
    return typeof address === 'object' ? (address ?? undefined) : undefined;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server?.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}
