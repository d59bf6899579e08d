import { Body, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AggregateId, boundedList } from '@storefront/contracts';
import { OperatorEndpoint } from '@storefront/service';
import { z } from 'zod';
import { AdoptRequests } from '../application/adopt-requests';
import { AwaitRequests } from '../application/await-requests';
import { type ToldHistory, ViewReports } from '../application/view-reports';

const Guids = z.object({ guids: boundedList(AggregateId, 1_000).min(1) });
type Guids = z.infer<typeof Guids>;

/** So many histories are read at a time at most. */
const FewGuids = z.object({ guids: boundedList(AggregateId, 20).min(1) });
type FewGuids = z.infer<typeof FewGuids>;

/** For operators whose fulfillments, or orders, disagree. */
@OperatorEndpoint('fulfillment-requests')
@ApiExcludeController()
export class FulfillmentRequestsController {
  constructor(
    private readonly awaitRequests: AwaitRequests,
    private readonly adoptRequests: AdoptRequests,
    private readonly viewReports: ViewReports,
  ) {}

  /** Marks what Orders will send again; without that it stays marked, and as it is. */
  @Post('await')
  @HttpCode(204)
  async await(@Body({ schema: Guids }) { guids }: Guids): Promise<void> {
    await this.awaitRequests.execute(guids);
  }

  @Post('adopt')
  @HttpCode(204)
  async adopt(@Body({ schema: Guids }) { guids }: Guids): Promise<void> {
    await this.adoptRequests.execute(guids);
  }

  /** What was reported of these orders; POST, because a URL does not hold so many guids. */
  @Post('histories')
  @HttpCode(200)
  @SetMetadata('management:read-only', true)
  async histories(@Body({ schema: FewGuids }) { guids }: FewGuids): Promise<{ histories: ToldHistory[] }> {
    return { histories: await this.viewReports.execute(guids) };
  }
}
