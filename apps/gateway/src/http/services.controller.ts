import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forwarder } from './forwarder';
import type { ServiceName } from './service-name';

@Controller()
export class ServicesController {
  constructor(private readonly forwarder: Forwarder) {}

  @All(['accounts', 'accounts/*'])
  accounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('accounts', request, reply);
  }

  @All(['orders', 'orders/*'])
  orders(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('orders', request, reply);
  }

  @All(['fulfillment', 'fulfillment/*'])
  fulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forward('fulfillment', request, reply);
  }

  private forward(service: ServiceName, request: FastifyRequest, reply: FastifyReply): void {
    this.forwarder.forward(service, request, reply);
  }
}
