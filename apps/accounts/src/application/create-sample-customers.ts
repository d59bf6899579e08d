import { Injectable } from '@nestjs/common';
import { CardVault } from '../domain/card-vault';
import { Customer } from '../domain/customer';
import { Customers } from '../domain/customers';
import { sampleCustomers } from '../domain/sample-customers';

@Injectable()
export class CreateSampleCustomers {
  private running: Promise<void> | undefined;

  constructor(
    private readonly customers: Customers,
    private readonly vault: CardVault,
  ) {}

  /** They are made once and keep their ids; later calls give them their details again. Calls at the same time are one. */
  execute(): Promise<void> {
    this.running ??= this.create().finally(() => (this.running = undefined));
    return this.running;
  }

  private async create(): Promise<void> {
    const ids = await this.customers.sampleIds();
    const samples = new Map(
      [...sampleCustomers.keys()].map((name) => [ids.get(name) ?? this.customers.nextId(), name]),
    );
    await this.customers.putAll([...samples.keys()], (id, present) =>
      sampleCustomer(id, { name: samples.get(id), present }, this.vault),
    );
  }
}

function sampleCustomer(
  id: string,
  { name, present }: { name: string | undefined; present: Customer | undefined },
  vault: CardVault,
): Customer | undefined {
  const details = name && sampleCustomers.get(name);
  if (!details || (present && present.sample !== name)) return undefined;
  return present?.amend(details, vault) ?? Customer.register(id, details, vault, name);
}
