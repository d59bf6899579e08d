import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import { CardVault } from '../domain/card-vault';
import { Customer, type CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';

export interface ReplaceCustomerCommand {
  readonly id: string;
  readonly details: CustomerDetails;
  readonly precondition?: Precondition;
}

@Injectable()
export class ReplaceCustomer {
  constructor(
    private readonly customers: Customers,
    private readonly vault: CardVault,
  ) {}

  /** Registers the customer where there is none, or where he was deleted. */
  execute(command: ReplaceCustomerCommand): Promise<{ customer: Customer; created: boolean }> {
    const { id, details, precondition } = command;
    const decide = (present: Customer | undefined) =>
      present?.amend(details, this.vault) ?? Customer.register(id, details, this.vault);
    return this.customers.put(id, decide, precondition);
  }
}
