import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';

/** An order, and whether the customer who placed it is here and not deleted. */
export interface ViewedOrder {
  readonly order: Order;
  readonly hasCustomer: boolean;
}

@Injectable()
export class ViewOrders {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  /** Throws OrderNotFound. */
  async one(guid: string): Promise<ViewedOrder> {
    const order = await this.orders.get(guid);
    return { order, hasCustomer: await this.customers.has(order.state.customerId) };
  }

  /** Throws CustomerNotReplicated or CustomerDeleted. */
  async ofCustomer(customerId: string, request: PageRequest): Promise<Page<Order>> {
    const customer = await this.customers.get(customerId);
    return this.orders.pageOf(customer.id, request);
  }
}
