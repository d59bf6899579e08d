import { Injectable } from '@nestjs/common';
import type { Customer, CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';

export interface AmendCustomerCommand {
  readonly id: string;
  /** Works on the details as the client sees them, so that a patch can neither read nor guess a card number. */
  readonly amend: (shown: CustomerDetails) => CustomerDetails;
  readonly expectedVersion?: number;
}

@Injectable()
export class AmendCustomer {
  constructor(private readonly customers: Customers) {}

  execute({ id, amend, expectedVersion }: AmendCustomerCommand): Promise<Customer> {
    return this.customers.change(id, (customer) => customer.amend(amend(customer.shown)), expectedVersion);
  }
}
