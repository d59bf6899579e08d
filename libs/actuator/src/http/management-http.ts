import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { actuatorV2, actuatorV3 } from '../answers/media-types';
import type { HttpExchanges } from './http-exchanges';
import type { ManagementServer } from './management-server';

interface Parts {
  http: HttpAdapterHost;
  server: ManagementServer;
  /** Left out where nobody can look at them. */
  exchanges: HttpExchanges | undefined;
  host: string;
}

/** Brings the management endpoints to the application's HTTP server, and to one of their own. It closes last, so that probes are answered until the end. */
export class ManagementHttp implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly parts: Parts) {}

  onModuleInit(): void {
    const instance = this.instance();
    this.parts.server.divide(instance);
    this.parts.exchanges?.record(instance);
    const types = [actuatorV2, actuatorV3].filter((type) => !instance.hasContentTypeParser(type));
    if (types.length > 0) {
      instance.addContentTypeParser<string>(
        types,
        { parseAs: 'string' },
        instance.getDefaultJsonParser('error', 'error'),
      );
    }
  }

  onApplicationBootstrap(): Promise<void> {
    return this.parts.server.listen(this.instance(), this.parts.host);
  }

  onApplicationShutdown(): Promise<void> {
    return this.parts.server.close();
  }

  private instance(): FastifyInstance {
    return this.parts.http.httpAdapter.getInstance<FastifyInstance>();
  }
}
