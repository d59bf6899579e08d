import { Controller, Get, Header, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import { OnlyIf } from '@storefront/hal';
import { AdvanceAllFulfillments, type SampleStep } from '../application/advance-all-fulfillments';
import { sampleDataEnabled } from './sample-data-enabled';

const textType = 'text/plain;charset=UTF-8';

const statuses = new Map<string, [SampleStep, string]>([
  ['process', ['process', 'Processing']],
  ['ship', ['ship', 'Shipped']],
  ['in-transit', ['in-transit', 'In Transit']],
  ['receive', ['receive', 'Received']],
]);

/** GET changes something here because the original's scripts call it so. */
@Controller('fulfillments/sample/:step')
@OnlyIf(sampleDataEnabled)
export class SampleFulfillmentsController {
  constructor(private readonly advanceAllFulfillments: AdvanceAllFulfillments) {}

  @Get()
  @Header('content-type', textType)
  get(@Param('step') step: string): Promise<string> {
    return this.post(step);
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', textType)
  async post(@Param('step') step: string): Promise<string> {
    const [name, status] = statuses.get(step) ?? [];
    if (!name) throw new NotFoundException();
    await this.advanceAllFulfillments.execute(name);
    return `Order status changed to '${status}'`;
  }
}
