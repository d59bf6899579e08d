import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: Customers) {}

  /** Returns the version that the deletion made. */
  execute(id: string, expectedVersions?: readonly number[]): Promise<number> {
    return this.customers.remove(id, expectedVersions);
  }
}
