import { Injectable } from '@nestjs/common';
import type { FulfillmentRequest } from '@storefront/contracts';
import { Fulfillment } from '../domain/fulfillment';
import { Fulfillments } from '../domain/fulfillments';

@Injectable()
export class AcceptFulfillmentRequests {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Returns the guids of the orders accepted now; one that was accepted before stays as it is. */
  execute(requests: readonly FulfillmentRequest[]): Promise<Set<string>> {
    return this.fulfillments.addAll(requests.map((request) => Fulfillment.accept(request)));
  }

  async isAccepted(guid: string): Promise<boolean> {
    return (await this.fulfillments.find(guid)) !== undefined;
  }
}
