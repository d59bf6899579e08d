import { Injectable } from '@nestjs/common';
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
  constructor(private readonly customers: Customers) {}

  /** Throws when the id is taken. */
  execute({ id, details, request }: RegisterCustomerCommand): Promise<Customer> {
    return this.customers.add(Customer.register(id ?? this.customers.nextId(request), details), request);
  }
}
