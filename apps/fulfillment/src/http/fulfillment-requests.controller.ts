import { Body, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { AggregateId, boundedList } from '@storefront/contracts';
import { ProblemDetailsFilter } from '@storefront/hal';
import { z } from 'zod';
import { AwaitRequests } from '../application/await-requests';

const AwaitBody = z.object({ guids: boundedList(AggregateId, 1_000).min(1) });
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
