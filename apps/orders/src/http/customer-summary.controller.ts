import { Controller, Get, Query, Req } from '@nestjs/common';
import { pageRequest, ReadsReplicas, requestBase, summary, WholeCollection } from '@storefront/hal';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ViewCustomers } from '../application/view-customers';
import type { CustomerOrders } from '../domain/customer-orders';
import { moreOrdersPath, shownOrder } from './customer-orders.resource';

const ORDERS_SHOWN = 100;

/**
 * Everything at once, as the original service gives it; `page` and `size` make it a part. A customer comes with the first 100
 * orders; where there are more, `moreOrders` leads to them.
 */
@Controller('customers')
@ReadsReplicas()
export class CustomerSummaryController {
  constructor(private readonly customers: ViewCustomers) {}

  @Get('summary')
  @WholeCollection()
  summary(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>): Readable {
    if (request.method === 'HEAD') return Readable.from([]);
    const wantsPage = 'page' in query || 'size' in query;
    const customers = wantsPage
      ? this.customers.page(pageRequest(query), ORDERS_SHOWN).groups
      : this.customers.all(ORDERS_SHOWN);
    return Readable.from(summary('customers', bodies(customers, requestBase(request))));
  }
}

async function* bodies(
  groups: AsyncIterable<readonly CustomerOrders[]>,
  base: string,
): AsyncGenerator<readonly object[], void> {
  for await (const group of groups) yield group.map((customer) => body(customer, base));
}

function body(shown: CustomerOrders, base: string): object {
  const { customer, orders, hasMore } = shown;
  return {
    ...customer,
    orders: orders.map(shownOrder),
    ...(hasMore && { moreOrders: base + moreOrdersPath(customer.id, shown) }),
  };
}
