import { Get, Param, Query } from '@nestjs/common';
import { HalController, type HalItem, halItems, type HalPage, halPage, pageRequest } from '@storefront/hal';
import { ViewFulfillments } from '../application/view-fulfillments';
import { fulfillmentResource, rels, sortable } from './fulfillment.resource';

@HalController('fulfillments')
export class FulfillmentsController {
  constructor(private readonly fulfillments: ViewFulfillments) {}

  @Get()
  page(@Query() query: unknown): HalPage {
    const request = pageRequest(query, sortable);
    const { groups, totalElements } = this.fulfillments.page(request);
    return halPage({ rel: rels.collection, items: halItems(groups, fulfillmentResource), totalElements, request });
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<HalItem> {
    return fulfillmentResource(await this.fulfillments.one(id));
  }
}
