import { Injectable } from '@nestjs/common';
import { Fulfillments } from '../domain/fulfillments';

/** Where what was asked for differs from what Orders has: the request is taken once more when Orders sends it again. */
@Injectable()
export class AwaitRequests {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Those that the carrier has, and those that are not here, stay as they are. */
  async execute(guids: readonly string[]): Promise<void> {
    await this.fulfillments.correctAll(guids, (fulfillment) => {
      const awaiting = fulfillment.awaitRequest();
      return awaiting === fulfillment ? undefined : awaiting;
    });
  }
}
