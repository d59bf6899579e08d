import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ManagementServer } from '@storefront/actuator';
import { createService, listenService, readEnvironment } from '@storefront/service';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { type Answer, httpClient } from '../../../test/http-client';
import { GatewayEnvironment } from '../src/gateway.config';
import { GatewayModule, gatewayOptions } from '../src/gateway.module';
import { type Seen, Upstream } from './upstream';

/** Privileged, so that no other test is given it; nobody listens there. */
const nobody = 'http://127.0.0.1:9';

/** The gateway before one service that is there, one that is there when asked for, and one that is not. */
export class RunningGateway {
  readonly send: ReturnType<typeof httpClient>;

  private constructor(
    private readonly app: NestFastifyApplication,
    readonly accounts: Upstream,
    readonly url: string,
  ) {
    this.send = httpClient(url);
  }

  static async start(settings: Record<string, string> = {}): Promise<RunningGateway> {
    const accounts = new Upstream();
    const environment = readEnvironment(GatewayEnvironment, {
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      ACCOUNTS_URL: await accounts.start(),
      ORDERS_URL: nobody,
      FULFILLMENT_URL: nobody,
      GATEWAY_TIMEOUT_MS: '2000',
      MANAGEMENT_SERVER_PORT: '0',
      // a front on this machine, and one before it
      TRUSTED_PROXIES: 'loopback,10.0.0.0/8',
      MANAGEMENT_USERNAME: 'ops',
      MANAGEMENT_PASSWORD: 'secret',
      ...settings,
    });
    const app = await createService(GatewayModule.forEnvironment(environment), gatewayOptions(environment));
    await listenService(app, environment);
    return new RunningGateway(app, accounts, await app.getUrl());
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  /** Sends to where its guarded management endpoints are. */
  get manage(): ReturnType<typeof httpClient> {
    return httpClient(`http://127.0.0.1:${this.app.get(ManagementServer).address?.port}`);
  }

  /** Sent as it is: fetch would tidy up the path and refuse some headers. */
  async raw(method: string, path: string, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> {
    const { hostname, port } = new URL(this.url);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, method, path, headers }, resolve).once('error', reject).end();
    });
    return answer.resume();
  }

  /** The headers of the request that the service got. */
  headersSeen(): Seen['headers'] {
    const [seen] = this.accounts.seen;
    if (!seen) throw new Error('The service saw no request.');
    return seen.headers;
  }

  async stop(): Promise<void> {
    await this.accounts.stop();
    await this.app.close();
  }
}
