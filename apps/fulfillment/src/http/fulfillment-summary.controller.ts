import { Controller, Get, Query, Req } from '@nestjs/common';
import { pageRequest, summary, WholeCollection } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ViewFulfillments } from '../application/view-fulfillments';

/** Everything at once, as the original service gives it; `page` and `size` make it a part. */
@Controller('fulfillments')
export class FulfillmentSummaryController {
  constructor(private readonly fulfillments: ViewFulfillments) {}

  @Get('summary')
  @WholeCollection()
  summary(@Req() { method }: FastifyRequest, @Query() query: Record<string, unknown>): Readable {
    if (method === 'HEAD') return Readable.from([]);
    const wantsPage = 'page' in query || 'size' in query;
    const all = wantsPage ? this.fulfillments.page(pageRequest(query)).groups : this.fulfillments.all();
    return Readable.from(summary('fulfillments', all));
  }
}
