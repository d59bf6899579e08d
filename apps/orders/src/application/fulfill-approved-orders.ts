import { Injectable } from '@nestjs/common';
import { type Customer, shippingAddressOf } from '../domain/customer';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { type AbsentOrder, isAbsent, Orders } from '../domain/orders';

/** Customers that are read at a time; each may have 256 KiB. */
const CUSTOMERS_PER_READ = 50;

/** Requests the fulfillment of every approved order that can be sent to its customer; the others stay as they are. */
@Injectable()
export class FulfillApprovedOrders {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute(): Promise<void> {
    for await (const approved of this.orders.toFulfill()) {
      const byCustomer = Map.groupBy(approved, (order) => order.state.customerId);
      for (const ids of chunks([...byCustomer.keys()], CUSTOMERS_PER_READ)) {
        const customers = await this.customers.known(ids);
        const guids = ids.flatMap((id) => byCustomer.get(id) ?? []).map((order) => order.guid);
        await this.orders.changeMany(guids, (order) => requested(order, customers));
      }
    }
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function requested(order: Order | AbsentOrder, customers: ReadonlyMap<string, Customer>): Order | undefined {
  if (isAbsent(order) || !order.possibleCommands().includes('fulfill')) return undefined;
  const customer = customers.get(order.state.customerId);
  return customer && shippingAddressOf(customer) && order.requestFulfillment(customer, Date.now());
}
