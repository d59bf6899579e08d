import { Get, Param, Query } from '@nestjs/common';
import { HalController, type HalItem, halItems, type HalPage, halPage, pageRequest } from '@storefront/hal';
import { ViewCustomers } from '../application/view-customers';
import { customerResource, rels, sortable } from './customer.resource';

@HalController('customers')
export class CustomersController {
  constructor(private readonly customers: ViewCustomers) {}

  @Get()
  page(@Query() query: unknown): HalPage {
    const request = pageRequest(query, sortable);
    const { groups, totalElements } = this.customers.page(request);
    return halPage({ rel: rels.collection, items: halItems(groups, customerResource), totalElements, request });
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<HalItem> {
    return customerResource(await this.customers.one(id));
  }
}
