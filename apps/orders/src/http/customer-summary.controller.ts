import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { pageRequest, Produces, ReadsReplicas, summary } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { type CustomerSummary, SummarizeCustomers } from '../application/summarize-customers';

/** Everything at once, as the original service gives it; `page` and `size` make it a part. */
@Controller('customers')
@ReadsReplicas()
export class CustomerSummaryController {
  constructor(private readonly summarize: SummarizeCustomers) {}

  @Get('summary')
  @Header('content-type', 'application/json')
  @Produces('application/json')
  async summary(@Req() { method }: FastifyRequest, @Query() query: Record<string, unknown>): Promise<Readable> {
    if (method === 'HEAD') return Readable.from([]);
    const wantsPage = 'page' in query || 'size' in query;
    const customers = wantsPage ? (await this.summarize.page(pageRequest(query))).items : this.summarize.all();
    return Readable.from(summary('customers', bodies(customers)));
  }
}

async function* bodies(
  summaries: AsyncIterable<CustomerSummary> | Iterable<CustomerSummary>,
): AsyncGenerator<object, void> {
  for await (const { customer, orders } of summaries) {
    yield {
      ...customer,
      orders: orders.map(({ guid, state: { orderStatusEvents, orderItems } }) => ({
        guid,
        orderStatusEvents,
        orderItems,
      })),
    };
  }
}
