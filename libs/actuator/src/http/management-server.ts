import { Logger, NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActuatorOptions } from '../actuator-options';
import { boundedServer } from './bounded-server';
import { isOpenManagementUrl } from './management-url';

/** What is asked for is at the other port: here it does not exist, whatever the method. */
class NotAtThisPort extends NotFoundException {
  readonly kind = 'not-found' as const;
}

/** Of the route where there is one: it has no escapes. */
function pathOf({ routeOptions: { url }, originalUrl }: FastifyRequest): string {
  return url === undefined || url === '*' ? (originalUrl.split('?')[0] ?? '').replace(/\/{2,}/g, '/') : url;
}

/** Knows where `/actuator` is answered: at the application's own port unless there is one for it alone. */
export class ManagementServer {
  private readonly logger = new Logger('Actuator');
  private readonly requests = new WeakSet<IncomingMessage>();
  private server: Server | undefined;

  /**
   * With `port` undefined, management endpoints are answered at the application's own port; with -1, nowhere. With
   * `guardedApart`, the application's own port has the open endpoints in any case, and never the guarded ones.
   * `serverLimits` bound a server at a port of its own, and `answerUnread` answers what it cannot read.
   */
  constructor(
    private readonly port: number | undefined,
    private readonly options: Pick<ActuatorOptions, 'guardedApart' | 'serverLimits' | 'answerUnread'> = {},
  ) {}

  /** Before the routes: from now on, management is found at its port only, and nothing else is there. */
  divide(instance: FastifyInstance): void {
    if (this.port === undefined && !this.options.guardedApart) return;
    instance.addHook('onRequest', (request, _reply, done) => {
      const path = pathOf(request);
      const isManagement = /^\/actuator(\/|$)/.test(path);
      const isHere =
        isManagement === this.requests.has(request.raw) || (this.options.guardedApart && isOpenManagementUrl(path));
      done(isHere ? undefined : new NotAtThisPort());
    });
  }

  /** Whether guarded endpoints answer where this request came in. */
  hasGuarded(request: FastifyRequest): boolean {
    return !this.options.guardedApart || this.requests.has(request.raw);
  }

  async listen(instance: FastifyInstance, host: string): Promise<void> {
    if (this.port === undefined || this.port === -1) return;
    await instance.ready();
    const server = boundedServer((request, response) => {
      this.requests.add(request);
      instance.routing(request, response);
    }, this.options.serverLimits);
    this.server = server;
    if (this.options.answerUnread) server.on('clientError', this.options.answerUnread);
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
