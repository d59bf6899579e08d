import { Injectable } from '@nestjs/common';
import type { CustomerOrders, VersionedCustomer } from '../domain/customer-orders';
import { Customers } from '../domain/customers';
import { Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';

type Groups<T> = AsyncIterable<readonly T[]>;

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
    for await (const [customer] of this.withOrders([found], orderLimit)) if (customer) return customer;
    return { ...found, orders: [], hasMore: false };
  }

  page(request: PageRequest, orderLimit: number): Page<CustomerOrders> {
    const { groups, totalElements } = this.customers.page(request);
    return { groups: this.allWithOrders(groups, orderLimit), totalElements };
  }

  /** Every customer, in groups that are read while they are taken. */
  all(orderLimit: number): Groups<CustomerOrders> {
    return this.allWithOrders(this.customers.all(), orderLimit);
  }

  private async *allWithOrders(groups: Groups<VersionedCustomer>, limit: number): Groups<CustomerOrders> {
    for await (const group of groups) yield* this.withOrders(group, limit);
  }

  private async *withOrders(customers: readonly VersionedCustomer[], limit: number): Groups<CustomerOrders> {
    const byId = new Map(customers.map((versioned) => [versioned.customer.id, versioned]));
    for await (const some of this.orders.firstOf([...byId.keys()], limit)) {
      yield [...some].flatMap(([id, first]) => {
        const versioned = byId.get(id);
        return versioned ? [{ ...versioned, ...first }] : [];
      });
    }
  }
}
