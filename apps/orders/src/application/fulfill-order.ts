import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import { Customers } from '../domain/customers';
import type { KeyedRequest } from '../domain/keyed-request';
import type { Order } from '../domain/order';
import { Orders } from '../domain/orders';

export interface FulfillOrderCommand {
  readonly guid: string;
  readonly precondition?: Precondition;
  readonly request?: KeyedRequest;
}

@Injectable()
export class FulfillOrder {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute({ guid, precondition, request }: FulfillOrderCommand): Promise<Order> {
    // the customer may be another one now, or deleted
    const before = request && (await this.orders.answered(guid, request));
    if (before) return before;
    const { state } = await this.orders.get(guid);
    const customer = await this.customers.get(state.customerId);
    const decide = (order: Order) => order.requestFulfillment(customer, Date.now());
    return this.orders.change(guid, decide, precondition, request);
  }
}
