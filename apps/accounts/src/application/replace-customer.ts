import { Injectable } from '@nestjs/common';
import { Customer, type CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';

export interface ReplaceCustomerCommand {
  readonly id: string;
  readonly details: CustomerDetails;
  readonly expectedVersion?: number;
}

@Injectable()
export class ReplaceCustomer {
  constructor(private readonly customers: Customers) {}

  /** Registers the customer where there is none, or where he was deleted. */
  execute({ id, details, expectedVersion }: ReplaceCustomerCommand): Promise<{ customer: Customer; created: boolean }> {
    const decide = (present: Customer | undefined) => present?.amend(details) ?? Customer.register(id, details);
    return this.customers.put(id, decide, expectedVersion);
  }
}
