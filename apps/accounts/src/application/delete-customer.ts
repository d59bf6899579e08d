import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import { Customers } from '../domain/customers';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: Customers) {}

  /** Returns the version that the deletion made. */
  execute(id: string, precondition?: Precondition): Promise<number> {
    return this.customers.remove(id, precondition);
  }
}
