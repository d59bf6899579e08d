import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import { CardVault } from '../domain/card-vault';
import type { Customer, CustomerDetails, ShownDetails } from '../domain/customer';
import { Customers } from '../domain/customers';

export interface AmendCustomerCommand {
  readonly id: string;
  /** Works on the details as the client sees them, and says which cards keep their numbers. */
  readonly amend: (shown: ShownDetails) => CustomerDetails;
  readonly precondition?: Precondition;
}

@Injectable()
export class AmendCustomer {
  constructor(
    private readonly customers: Customers,
    private readonly vault: CardVault,
  ) {}

  execute({ id, amend, precondition }: AmendCustomerCommand): Promise<Customer> {
    const amended = (customer: Customer) => customer.amend(amend(customer.shown), this.vault);
    return this.customers.change(id, amended, precondition);
  }
}
