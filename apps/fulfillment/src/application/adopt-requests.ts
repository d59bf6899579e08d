import { Injectable } from '@nestjs/common';
import { Fulfillments } from '../domain/fulfillments';

/** Accepts fulfillments that another program asked for: no order of Orders is expected for them. */
@Injectable()
export class AdoptRequests {
  constructor(private readonly fulfillments: Fulfillments) {}

  /** Those that are not here are left out. What is adopted stays so. */
  async execute(guids: readonly string[]): Promise<void> {
    await this.fulfillments.correctAll(guids, (fulfillment) => {
      const adopted = fulfillment.adopt();
      return adopted === fulfillment ? undefined : adopted;
    });
  }
}
