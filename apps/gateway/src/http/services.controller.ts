import { All, Controller, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forwarder } from './forwarder';
import type { ServiceName } from './service-name';

/** The service judges by itself from which origin it may be called. */
const forwarded = { forwarded: true };

@Controller()
export class ServicesController {
  constructor(private readonly forwarder: Forwarder) {}

  @RouteConfig(forwarded)
  @All(['accounts', 'accounts/*'])
  accounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('accounts', request, reply);
  }

  @RouteConfig(forwarded)
  @All(['orders', 'orders/*'])
  orders(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('orders', request, reply);
  }

  @RouteConfig(forwarded)
  @All(['fulfillment', 'fulfillment/*'])
  fulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('fulfillment', request, reply);
  }

  private forward(service: ServiceName, request: FastifyRequest, reply: FastifyReply): void {
    this.forwarder.forward(service, request, reply);
  }
}
