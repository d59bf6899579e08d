import { Injectable } from '@nestjs/common';
import type { Fulfillment } from '../domain/fulfillment';
import { FulfillmentNotFound } from '../domain/fulfillment-not-found';
import { Fulfillments } from '../domain/fulfillments';
import type { Page, PageRequest } from '../domain/page';

@Injectable()
export class ViewFulfillments {
  constructor(private readonly fulfillments: Fulfillments) {}

  async one(id: string): Promise<Fulfillment> {
    const fulfillment = await this.fulfillments.find(id);
    if (!fulfillment) throw new FulfillmentNotFound(id);
    return fulfillment;
  }

  page(request: PageRequest): Page<Fulfillment> {
    return this.fulfillments.page(request);
  }

  all(): AsyncIterable<readonly Fulfillment[]> {
    return this.fulfillments.all();
  }
}
