import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import type { Precondition } from '../domain/precondition';

@Injectable()
export class DeleteCustomer {
  constructor(private readonly customers: Customers) {}

  /** Returns the version that the deletion made. */
  execute(id: string, precondition?: Precondition): Promise<number> {
    return this.customers.remove(id, precondition);
  }
}
