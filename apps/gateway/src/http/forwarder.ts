import { context } from '@opentelemetry/api';
import fastifyReplyFrom from '@fastify/reply-from';
import type { OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayEnvironment } from '../gateway.config';
import { requestHeaders, responseHeaders } from './forwarded-headers';
import type { ServiceName } from './service-name';
import { servicePath } from './service-path';
import { upstreamSpan } from './upstream-span';
import { isConnectionFailure, upstreamFailure } from './upstream-failure';

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];
const retryDelayMs = 50;
const connectTimeoutMs = 3_000;

/** Kept open; certificates are checked where the service has TLS. */
const connections = { connections: 128, connect: { timeout: connectTimeoutMs, rejectUnauthorized: true } };

/**
 * Hands requests to the services and their answers back, both streamed. A safe method is sent a second time when the
 * connection fails before an answer; nothing else is ever sent twice.
 */
export class Forwarder implements OnModuleInit {
  private readonly urls: Readonly<Record<ServiceName, string>>;

  constructor(
    private readonly environment: GatewayEnvironment,
    private readonly http: HttpAdapterHost<FastifyAdapter>,
  ) {
    const { ACCOUNTS_URL: accounts, ORDERS_URL: orders, FULFILLMENT_URL: fulfillment } = environment;
    this.urls = { accounts, orders, fulfillment };
  }

  onModuleInit(): void {
    const server: FastifyInstance = this.http.httpAdapter.getInstance();
    void server.register(fastifyReplyFrom, { undici: connections, disableCache: true, disableRequestLogging: true });
  }

  forward(service: ServiceName, request: FastifyRequest, reply: FastifyReply): void {
    const path = servicePath(request.originalUrl);
    const span = upstreamSpan(service, request, reply);
    reply.from(path, {
      getUpstream: () => this.urls[service],
      timeout: this.environment.GATEWAY_TIMEOUT_MS,
      rewriteRequestHeaders: (_request, headers) =>
        context.with(span.context, () => requestHeaders(request, headers, `/${service}`)),
      rewriteHeaders: responseHeaders,
      retryDelay: ({ err, attempt }) => (attempt === 0 && isRetried(request, err) ? retryDelayMs : null),
      onError: (_reply, { error }) => {
        span.failed(error);
        refuse(upstreamFailure(service, error), request, reply);
      },
    });
  }
}

/** A body that nobody reads to its end leaves the connection useless. */
function refuse(failure: Error, request: FastifyRequest, reply: FastifyReply): void {
  if (!request.raw.complete) reply.header('connection', 'close');
  reply.send(failure);
}

function isRetried({ method }: FastifyRequest, error: Error | null): boolean {
  return safeMethods.includes(method) && isConnectionFailure(error);
}
