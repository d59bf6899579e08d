import { Injectable } from '@nestjs/common';
import type { Customer } from '../domain/customer';
import { CustomerNotFound } from '../domain/customer-not-found';
import { Customers } from '../domain/customers';
import type { Page, PageRequest } from '../domain/page';

@Injectable()
export class ViewCustomers {
  constructor(private readonly customers: Customers) {}

  async one(id: string): Promise<Customer> {
    const customer = await this.customers.find(id);
    if (!customer) throw new CustomerNotFound(id);
    return customer;
  }

  page(request: PageRequest): Page<Customer> {
    return this.customers.page(request);
  }

  all(): AsyncIterable<readonly Customer[]> {
    return this.customers.all();
  }
}
