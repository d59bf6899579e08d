import { Readable } from 'node:stream';
import { context } from '@opentelemetry/api';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { GatewayEnvironment } from '../gateway.config';
import { requestHeaders, responseHeaders } from './forwarded-headers';
import { ClientGone, Patience } from './patience';
import type { ServiceName } from './service-name';
import { servicePath } from './service-path';
import { Upstream } from './upstream';
import { upstreamFailure } from './upstream-failure';
import { type UpstreamSpan, upstreamSpan } from './upstream-span';

/**
 * Hands requests to the services and their answers back. A request has arrived whole before its service is asked, so that a
 * client that is slow holds no connection to a service; an answer is streamed, as fast as its client reads.
 */
export class Forwarder implements OnApplicationShutdown {
  private readonly upstreams: Readonly<Record<ServiceName, Upstream>>;

  constructor(private readonly environment: GatewayEnvironment) {
    const upstream = (service: ServiceName, url: string) => new Upstream(service, url, environment.GATEWAY_MAX_QUEUED);
    this.upstreams = {
      accounts: upstream('accounts', environment.ACCOUNTS_URL),
      orders: upstream('orders', environment.ORDERS_URL),
      fulfillment: upstream('fulfillment', environment.FULFILLMENT_URL),
    };
  }

  /** Throws where the path is none that may be asked for here. The answer comes later. */
  forward(service: ServiceName, request: FastifyRequest, reply: FastifyReply): void {
    const path = servicePath(request.originalUrl) + queryOf(request.originalUrl);
    const { method } = request;
    const upstream = this.upstreams[service];
    const span = upstreamSpan(service, upstream.url, { method, path });
    const headers = context.with(span.context, () => requestHeaders(request, request.headers, `/${service}`));
    const asked = { method, path, headers, body: bodyOf(request) };
    const patience = new Patience(reply, this.environment.GATEWAY_TIMEOUT_MS, service);
    upstream
      .ask(asked, patience, this.environment.GATEWAY_TIMEOUT_MS)
      .then((answer) => handBack(answer, { patience, span, reply }))
      .catch((error: Error) => refuse(error, { service, span, reply }));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Object.values(this.upstreams).map((upstream) => upstream.close()));
  }
}

interface Asked {
  readonly patience: Patience;
  readonly span: UpstreamSpan;
  readonly reply: FastifyReply;
}

function handBack({ statusCode, headers, body }: Dispatcher.ResponseData, { patience, span, reply }: Asked): void {
  try {
    span.answered(statusCode);
    patience.answering();
    reply.code(statusCode).headers(responseHeaders(headers)).send(body);
  } catch (error) {
    body.on('error', () => {}).destroy();
    throw error;
  }
}

interface Refused {
  readonly service: ServiceName;
  readonly span: UpstreamSpan;
  readonly reply: FastifyReply;
}

function refuse(error: Error, { service, span, reply }: Refused): void {
  span.failed(error);
  if (!(error instanceof ClientGone)) reply.send(upstreamFailure(service, error));
}

/** It is here whole: the server has read it. */
function bodyOf({ body }: FastifyRequest): Buffer | null {
  return body instanceof Readable ? (body.read() as Buffer | null) : null;
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
