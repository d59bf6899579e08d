import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import { Orders } from '../domain/orders';
import { sampleOrdersOf } from '../domain/sample-orders';

/** With five orders each: 500 orders a write. */
const CUSTOMERS_PER_WRITE = 100;

/** Gives every customer five orders in place of the sample orders made before. Other orders stay. */
@Injectable()
export class CreateSampleOrders {
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  /** Two runs at once (a client that asks again) would leave ten orders a customer: one after the other. */
  execute(): Promise<void> {
    const run = this.running.then(() => this.replace());
    this.running = run.catch(() => undefined);
    return run;
  }

  private async replace(): Promise<void> {
    await this.orders.removeSamples();
    for await (const ids of this.customers.ids(CUSTOMERS_PER_WRITE)) {
      const at = Date.now();
      await this.orders.addMany(ids.flatMap((id) => sampleOrdersOf(id, at)));
    }
  }
}
