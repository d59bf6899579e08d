import { Injectable } from '@nestjs/common';
import { CardVault } from '../domain/card-vault';
import { Customer, type CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';
import type { KeyedRequest } from '../domain/keyed-request';

export interface RegisterCustomerCommand {
  /** Chosen by the client, or not at all. */
  readonly id?: string | null;
  readonly details: CustomerDetails;
  readonly request?: KeyedRequest;
}

@Injectable()
export class RegisterCustomer {
  constructor(
    private readonly customers: Customers,
    private readonly vault: CardVault,
  ) {}

  /** Throws when the id is taken. */
  execute({ id, details, request }: RegisterCustomerCommand): Promise<Customer> {
    const customer = Customer.register(id ?? this.customers.nextId(request), details, this.vault);
    return this.customers.add(customer, request);
  }
}
