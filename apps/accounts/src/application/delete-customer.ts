import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: Customers) {}

  /** Returns the version that the deletion made. */
  execute(id: string, expectedVersion?: number): Promise<number> {
    return this.customers.remove(id, expectedVersion);
  }
}
