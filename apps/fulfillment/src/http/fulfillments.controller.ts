import { Get, Param, Query } from '@nestjs/common';
import { Address, Contact, Name } from '@storefront/contracts';
import { HalController, type HalItem, type HalPage, halPage, pageRequest } from '@storefront/hal';
import { ViewFulfillments } from '../application/view-fulfillments';
import { fulfillmentResource, rels } from './fulfillment.resource';

const sortable = [
  'timestamp',
  'shippingMethod',
  'order.guid',
  ...Object.keys(Name.shape).map((field) => `name.${field}`),
  ...Object.keys(Contact.shape).map((field) => `contact.${field}`),
  ...Object.keys(Address.shape).map((field) => `address.${field}`),
];

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
