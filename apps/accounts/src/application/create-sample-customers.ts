import { Injectable } from '@nestjs/common';
import { Customer } from '../domain/customer';
import { Customers } from '../domain/customers';
import { sampleCustomers } from '../domain/sample-customers';

@Injectable()
export class CreateSampleCustomers {
  constructor(private readonly customers: Customers) {}

  /** They keep their ids from run to run; a customer of a client's under one of these ids is left alone. */
  execute(): Promise<void> {
    return this.customers.putAll([...sampleCustomers.keys()], (id, present) => {
      const details = sampleCustomers.get(id);
      if (!details || present?.origin === 'client') return undefined;
      return present?.amend(details) ?? Customer.register(id, details, 'sample');
    });
  }
}
