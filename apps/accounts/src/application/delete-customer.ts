import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: Customers) {}

  execute(id: string, expectedVersion?: number): Promise<void> {
    return this.customers.remove(id, expectedVersion);
  }
}
