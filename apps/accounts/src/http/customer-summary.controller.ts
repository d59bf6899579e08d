import { Controller, Get, Query, Req } from '@nestjs/common';
import { pageRequest, summary, WholeCollection } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ViewCustomers } from '../application/view-customers';

/** Everything at once, as the original service gives it; `page` and `size` make it a part. */
@Controller('customers')
export class CustomerSummaryController {
  constructor(private readonly customers: ViewCustomers) {}

  @Get('summary')
  @WholeCollection()
  summary(@Req() { method }: FastifyRequest, @Query() query: Record<string, unknown>): Readable {
    if (method === 'HEAD') return Readable.from([]);
    const wantsPage = 'page' in query || 'size' in query;
    const customers = wantsPage ? this.customers.page(pageRequest(query)).groups : this.customers.all();
    return Readable.from(summary('customers', customers));
  }
}
