import { Injectable } from '@nestjs/common';
import { isAbsent, Orders } from '../domain/orders';

/** Takes back what Fulfillment reported, where it disagrees with what Fulfillment has: Fulfillment then reports all of it again. */
@Injectable()
export class ForgetReports {
  constructor(private readonly orders: Orders) {}

  /** Orders that are not here, or whose request is not known, stay as they are. */
  execute(guids: readonly string[]): Promise<void> {
    return this.orders.changeMany(guids, (order) => {
      const before = isAbsent(order) ? undefined : order.forgetReports();
      return before === order ? undefined : before;
    });
  }
}
