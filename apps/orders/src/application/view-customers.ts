import { Injectable } from '@nestjs/common';
import type { CustomerOrders, VersionedCustomer } from '../domain/customer-orders';
import { Customers } from '../domain/customers';
import { Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';

/** Customers with the first of their orders, however many they have. */
@Injectable()
export class ViewCustomers {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  /** Throws CustomerNotReplicated or CustomerDeleted. */
  async one(id: string, orderLimit: number): Promise<CustomerOrders> {
    const found = await this.customers.getVersioned(id);
    const [customer] = await this.withOrders([found], orderLimit);
    return customer ?? { ...found, orders: [], hasMore: false };
  }

  async page(request: PageRequest, orderLimit: number): Promise<Page<CustomerOrders>> {
    const { items, totalElements } = await this.customers.page(request);
    return { items: await this.withOrders(items, orderLimit), totalElements };
  }

  private async withOrders(customers: readonly VersionedCustomer[], limit: number): Promise<CustomerOrders[]> {
    const ids = customers.map(({ customer }) => customer.id);
    const all = await this.orders.ofCustomers(ids, limit + 1);
    return customers.map((versioned) => {
      const orders = all.get(versioned.customer.id) ?? [];
      return { ...versioned, orders: orders.slice(0, limit), hasMore: orders.length > limit };
    });
  }
}
