import { Get, Param, Query } from '@nestjs/common';
import {
  HalController,
  type HalItem,
  halItems,
  type HalPage,
  halPage,
  pageRequest,
  ReadsReplicas,
} from '@storefront/hal';
import { ViewCustomers } from '../application/view-customers';
import { customerOrdersResource, ordersShown, rels, sortable } from './customer-orders.resource';

/** Read-only: Accounts owns the customers, and orders are placed and decided at paths of their own. */
@HalController(rels.collection)
@ReadsReplicas()
export class CustomerOrdersController {
  constructor(private readonly customers: ViewCustomers) {}

  @Get()
  page(@Query() query: unknown): HalPage {
    const request = pageRequest(query, sortable);
    const { groups, totalElements } = this.customers.page(request, ordersShown);
    return halPage({ rel: rels.collection, items: halItems(groups, customerOrdersResource), totalElements, request });
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<HalItem> {
    return customerOrdersResource(await this.customers.one(id, ordersShown));
  }
}
