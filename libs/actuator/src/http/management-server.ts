import { Logger, NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boundedServer, type ServerLimits } from './bounded-server';

/** What is asked for is at the other port: here it does not exist, whatever the method. */
class NotAtThisPort extends NotFoundException {
  readonly kind = 'not-found' as const;
}

/** Of the route where there is one: it has no escapes. */
function pathOf({ routeOptions: { url }, originalUrl }: FastifyRequest): string {
  return url === undefined || url === '*' ? (originalUrl.split('?')[0] ?? '').replace(/\/{2,}/g, '/') : url;
}

/** Where `/actuator` is answered: at the application's own port unless there is one for it alone. */
export class ManagementServer {
  private readonly logger = new Logger('Actuator');
  private readonly requests = new WeakSet<IncomingMessage>();
  private server: Server | undefined;

  /**
   * With `port` undefined, management endpoints are answered at the application's own port; with -1, nowhere. The limits are
   * those of a server at a port of its own.
   */
  constructor(
    private readonly port: number | undefined,
    private readonly limits?: ServerLimits,
  ) {}

  /** Before the routes: from now on, management is found at its port only, and nothing else is there. */
  divide(instance: FastifyInstance): void {
    if (this.port === undefined) return;
    instance.addHook('onRequest', (request, _reply, done) => {
      const isManagement = /^\/actuator(\/|$)/.test(pathOf(request));
      const isHere = this.requests.has(request.raw);
      done(isManagement === isHere ? undefined : new NotAtThisPort());
    });
  }

  async listen(instance: FastifyInstance, host: string): Promise<void> {
    if (this.port === undefined || this.port === -1) return;
    await instance.ready();
    const server = boundedServer((request, response) => {
      this.requests.add(request);
      instance.routing(request, response);
    }, this.limits);
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
