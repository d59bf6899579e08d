import { Injectable } from '@nestjs/common';
import type { FulfillmentRequest } from '@storefront/contracts';
import { Fulfillment } from '../domain/fulfillment';
import { Fulfillments } from '../domain/fulfillments';

@Injectable()
export class AcceptFulfillmentRequests {
  constructor(private readonly fulfillments: Fulfillments) {}

  /**
   * Returns the guids of the orders that this made a difference to: accepted now, or awaited again. All others that were
   * accepted before stay as they are.
   */
  async execute(requests: readonly FulfillmentRequest[]): Promise<Set<string>> {
    const accepted = await this.fulfillments.addAll(requests.map((request) => Fulfillment.accept(request)));
    const known = new Map(requests.map((request) => [request.order.guid, request]));
    for (const guid of accepted) known.delete(guid);
    if (known.size === 0) return accepted;
    const taken = await this.fulfillments.correctAll([...known.keys()], (fulfillment) => {
      const request = known.get(fulfillment.id);
      return request && fulfillment.awaitsRequest ? fulfillment.takeAgain(request) : undefined;
    });
    return new Set([...accepted, ...taken]);
  }

  async isAccepted(guid: string): Promise<boolean> {
    return (await this.fulfillments.find(guid)) !== undefined;
  }
}
