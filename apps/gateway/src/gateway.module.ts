import { type DynamicModule, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ServiceOptions } from '@storefront/service';
import type { GatewayEnvironment } from './gateway.config';
import { Forwarder } from './http/forwarder';
import { RootController } from './http/root.controller';
import { ServicesController } from './http/services.controller';

/** One address for the three services, by prefix. It knows their URLs and nothing else of them. */
@Module({})
export class GatewayModule {
  static forEnvironment(environment: GatewayEnvironment): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [RootController, ServicesController],
      providers: [
        {
          provide: Forwarder,
          inject: [HttpAdapterHost],
          useFactory: (http: HttpAdapterHost<FastifyAdapter>) => new Forwarder(environment, http),
        },
      ],
    };
  }
}

export function gatewayOptions(environment: GatewayEnvironment): ServiceOptions {
  return {
    name: 'gateway',
    version: '0.1.0',
    environment,
    http: { bodies: 'stream', errors: 'problem-details', trustProxy: environment.GATEWAY_TRUSTED_PROXIES },
  };
}
