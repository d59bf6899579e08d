import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { Orders } from '../domain/orders';

export interface FulfillOrderCommand {
  readonly guid: string;
  readonly expectedVersion?: number;
}

@Injectable()
export class FulfillOrder {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute({ guid, expectedVersion }: FulfillOrderCommand): Promise<Order> {
    const { state } = await this.orders.get(guid);
    const customer = await this.customers.get(state.customerId);
    return this.orders.change(guid, (order) => order.requestFulfillment(customer, Date.now()), expectedVersion);
  }
}
