import { Get, Param, Query } from '@nestjs/common';
import { HalController, type HalItem, type HalPage, halPage, pageRequest } from '@storefront/hal';
import { ViewFulfillments } from '../application/view-fulfillments';
import { fulfillmentResource, rels, sortable } from './fulfillment.resource';

@HalController('fulfillments')
export class FulfillmentsController {
  constructor(private readonly fulfillments: ViewFulfillments) {}

  @Get()
  async page(@Query() query: unknown): Promise<HalPage> {
    const request = pageRequest(query, sortable);
    const { items, totalElements } = await this.fulfillments.page(request);
    return halPage({ rel: rels.collection, items: items.map(fulfillmentResource), totalElements, request });
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<HalItem> {
    return fulfillmentResource(await this.fulfillments.one(id));
  }
}
