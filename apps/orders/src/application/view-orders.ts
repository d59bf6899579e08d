import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';

@Injectable()
export class ViewOrders {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  one(guid: string): Promise<Order> {
    return this.orders.get(guid);
  }

  /** Throws CustomerNotReplicated or CustomerDeleted. */
  async ofCustomer(customerId: string, request: PageRequest): Promise<Page<Order>> {
    const customer = await this.customers.get(customerId);
    return this.orders.pageOf(customer.id, request);
  }
}
