import { Injectable } from '@nestjs/common';
import { type Customer, shippingAddressOf } from '../domain/customer';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { type AbsentOrder, isAbsent, Orders } from '../domain/orders';

const ORDERS_PER_WRITE = 500;

/** Requests the fulfillment of every approved order that can be sent to its customer; the others stay as they are. */
@Injectable()
export class FulfillApprovedOrders {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute(): Promise<void> {
    for await (const approved of this.orders.batchesToFulfill(ORDERS_PER_WRITE)) {
      const customers = await this.customers.known([...new Set(approved.map((order) => order.state.customerId))]);
      const guids = approved.map((order) => order.guid);
      await this.orders.changeMany(guids, (order) => requested(order, customers));
    }
  }
}

function requested(order: Order | AbsentOrder, customers: ReadonlyMap<string, Customer>): Order | undefined {
  if (isAbsent(order) || !order.possibleCommands().includes('fulfill')) return undefined;
  const customer = customers.get(order.state.customerId);
  return customer && shippingAddressOf(customer) && order.requestFulfillment(customer, Date.now());
}
