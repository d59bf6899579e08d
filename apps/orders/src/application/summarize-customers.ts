import { Injectable } from '@nestjs/common';
import type { Customer } from '../domain/customer';
import { Customers } from '../domain/customers';
import type { Order } from '../domain/order';
import { Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';

const CUSTOMERS_PER_QUERY = 500;

export interface CustomerSummary {
  readonly customer: Customer;
  /** The first one placed first. */
  readonly orders: readonly Order[];
}

/** Customers with their orders. */
@Injectable()
export class SummarizeCustomers {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async page(request: PageRequest): Promise<Page<CustomerSummary>> {
    const { items, totalElements } = await this.customers.page(request);
    return { items: await this.withOrders(items.map(({ customer }) => customer)), totalElements };
  }

  async *all(): AsyncIterable<CustomerSummary> {
    for await (const customers of this.customers.batches(CUSTOMERS_PER_QUERY)) yield* await this.withOrders(customers);
  }

  private async withOrders(customers: readonly Customer[]): Promise<CustomerSummary[]> {
    const orders = await this.orders.ofCustomers(customers.map((customer) => customer.id));
    return customers.map((customer) => ({ customer, orders: orders.get(customer.id) ?? [] }));
  }
}
