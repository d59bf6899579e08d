import { Injectable } from '@nestjs/common';
import { Customer, type CustomerDetails } from '../domain/customer';
import { Customers } from '../domain/customers';

export interface RegisterCustomerCommand {
  /** Chosen by the client, or not at all. */
  readonly id?: string | null;
  readonly details: CustomerDetails;
}

@Injectable()
export class RegisterCustomer {
  constructor(private readonly customers: Customers) {}

  /** Throws when the id is taken. */
  execute({ id, details }: RegisterCustomerCommand): Promise<Customer> {
    return this.customers.add(Customer.register(id ?? this.customers.nextId(), details));
  }
}
