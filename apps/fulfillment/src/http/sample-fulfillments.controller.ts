import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { Changes, OnlyIf } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { AdvanceAllFulfillments, type SampleStep } from '../application/advance-all-fulfillments';
import { sampleDataEnabled } from './sample-data-enabled';

const textType = 'text/plain;charset=UTF-8';

const statuses: Readonly<Record<SampleStep, string>> = {
  process: 'Processing',
  ship: 'Shipped',
  'in-transit': 'In Transit',
  receive: 'Received',
};
/** Paths of their own, not one with a parameter: beside `/fulfillments/{id}/process` that could be either. */
const steps = Object.keys(statuses);

/** GET changes something here because the original's scripts call it so. */
@Controller('fulfillments/sample')
@OnlyIf(sampleDataEnabled)
export class SampleFulfillmentsController {
  constructor(private readonly advanceAllFulfillments: AdvanceAllFulfillments) {}

  @Get(steps)
  @Changes()
  @Header('content-type', textType)
  get(@Req() request: FastifyRequest): Promise<string> {
    return this.post(request);
  }

  @Post(steps)
  @HttpCode(200)
  @Header('content-type', textType)
  async post(@Req() { routeOptions }: FastifyRequest): Promise<string> {
    const step = routeOptions.url?.split('/').at(-1) as SampleStep;
    await this.advanceAllFulfillments.execute(step);
    return `Order status changed to '${statuses[step]}'`;
  }
}
