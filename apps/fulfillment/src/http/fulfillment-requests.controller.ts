import { Body, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter } from '@storefront/hal';
import { z } from 'zod';
import { AwaitRequests } from '../application/await-requests';

const AwaitBody = z.object({ guids: z.array(z.string().min(1).max(256)).min(1).max(1000) });
type AwaitBody = z.infer<typeof AwaitBody>;

/** For operators whose fulfillments disagree with Orders: the first half of a repair, the second is Orders' republish. */
@ManagementEndpoint('fulfillment-requests')
@ApiExcludeController()
@UseFilters(ProblemDetailsFilter)
export class FulfillmentRequestsController {
  constructor(private readonly awaitRequests: AwaitRequests) {}

  @Post('await')
  @HttpCode(204)
  async await(@Body({ schema: AwaitBody }) { guids }: AwaitBody): Promise<void> {
    await this.awaitRequests.execute(guids);
  }
}
