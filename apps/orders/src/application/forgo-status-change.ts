import { Injectable } from '@nestjs/common';
import { isAbsent, Orders } from '../domain/orders';

/** A status that Fulfillment reported, and that can never be applied, is given up: the ones after it may follow. */
@Injectable()
export class ForgoStatusChange {
  constructor(private readonly orders: Orders) {}

  /** Returns the version up to which the order has all reports then, or does without; undefined where there is no order. */
  async execute({ guid, version }: { guid: string; version: number }): Promise<number | undefined> {
    let reached: number | undefined;
    await this.orders.changeMany([guid], (order) => {
      reached = undefined;
      if (isAbsent(order)) return undefined;
      const changed = order.forgoFulfillmentStatus(version);
      reached = changed.state.fulfillmentVersion;
      return changed === order ? undefined : changed;
    });
    return reached;
  }
}
