import { Injectable } from '@nestjs/common';
import { CardVault } from '../domain/card-vault';
import { Customer, type CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';
import { PresenceUnexpected } from '../domain/presence-unexpected';

export interface ReplaceCustomerCommand {
  readonly id: string;
  readonly details: CustomerDetails;
  readonly expectedVersions?: readonly number[];
  /** Whether the customer has to be there already, or must not be. */
  readonly expected?: 'present' | 'absent';
}

@Injectable()
export class ReplaceCustomer {
  constructor(
    private readonly customers: Customers,
    private readonly vault: CardVault,
  ) {}

  /** Registers the customer where there is none, or where he was deleted. Throws PresenceUnexpected. */
  execute(command: ReplaceCustomerCommand): Promise<{ customer: Customer; created: boolean }> {
    const { id, details, expectedVersions, expected } = command;
    const decide = (present: Customer | undefined) => {
      if (expected === (present ? 'absent' : 'present')) throw new PresenceUnexpected(id, present?.version);
      return present?.amend(details, this.vault) ?? Customer.register(id, details, this.vault);
    };
    return this.customers.put(id, decide, expectedVersions);
  }
}
