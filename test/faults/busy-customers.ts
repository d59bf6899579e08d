import { customerBody } from '../system/bodies';
import { type PatientClient, isSuccess, versionIn } from './client';
import type { Ledger } from './ledger';
import type { Seeded } from './seeded';

interface KnownCustomer {
  readonly id: string;
  version: number;
  deleted: boolean;
  /** The last request on it was not answered: look before the next one. */
  uncertain: boolean;
}

/** Customers who are registered, amended, deleted and brought back, each by one worker at a time. */
export class BusyCustomers {
  private readonly idle: KnownCustomer[] = [];
  private count = 0;

  constructor(
    private readonly client: PatientClient,
    private readonly ledger: Ledger,
    private readonly chance: Seeded,
    private readonly prefix = 'busy',
  ) {}

  /** The id of some customer, who may be busy or deleted. */
  anyId(): string | undefined {
    return this.chance.pick([...this.ledger.customers.keys()]);
  }

  async register(): Promise<void> {
    const id = `${this.prefix}-${++this.count}`;
    const customer: KnownCustomer = { id, version: 0, deleted: true, uncertain: false };
    const mark = this.mark(customer);
    const body = { id, ...customerBody(mark) };
    const answer = await this.client.send('POST', '/accounts/customers', { body });
    await this.note(customer, answer, mark);
  }

  async amendOne(): Promise<void> {
    await this.withOne(async (customer) => {
      if (customer.deleted) return this.revive(customer);
      const mark = this.mark(customer);
      const body = { contact: { email: `${mark}@example.org` } };
      const answer = await this.client.send('PATCH', pathOf(customer), { body, ifMatch: customer.version });
      await this.note(customer, answer, mark);
    });
  }

  async deleteOne(): Promise<void> {
    await this.withOne(async (customer) => {
      if (customer.deleted) return this.revive(customer);
      const answer = await this.client.send('DELETE', pathOf(customer), { ifMatch: customer.version });
      if (answer === 'unknown') return this.lose(customer);
      if (!isSuccess(answer)) return this.client.surprise(`DELETE ${customer.id}`, answer);
      customer.version++;
      customer.deleted = true;
      this.ledger.customerWritten(customer.id, customer.version, null);
      this.idle.push(customer);
    });
  }

  private async revive(customer: KnownCustomer): Promise<void> {
    const mark = this.mark(customer);
    const answer = await this.client.send('PUT', pathOf(customer), { body: customerBody(mark) });
    await this.note(customer, answer, mark);
  }

  private async withOne(work: (customer: KnownCustomer) => Promise<void>): Promise<void> {
    const [customer] = this.idle.splice(this.chance.below(this.idle.length), 1);
    if (!customer) return this.register();
    if (customer.uncertain && !(await this.look(customer))) {
      this.idle.push(customer);
      return;
    }
    await work(customer);
  }

  /** What became of it; false when nobody says. */
  private async look(customer: KnownCustomer): Promise<boolean> {
    const answer = await this.client.send('GET', pathOf(customer));
    if (answer === 'unknown') return false;
    customer.uncertain = false;
    customer.deleted = answer.status === 404;
    if (!customer.deleted) customer.version = versionIn(answer);
    return true;
  }

  private async note(customer: KnownCustomer, answer: Awaited<ReturnType<PatientClient['send']>>, mark: string) {
    if (answer === 'unknown') return this.lose(customer);
    if (!isSuccess(answer)) return this.client.surprise(`write of ${customer.id}`, answer);
    customer.version = versionIn(answer);
    customer.deleted = false;
    this.ledger.customerWritten(customer.id, customer.version, `${mark}@example.org`);
    this.idle.push(customer);
  }

  private lose(customer: KnownCustomer): void {
    customer.uncertain = true;
    this.ledger.customerUnknown(customer.id);
    this.idle.push(customer);
  }

  /** Every write leaves another mark. */
  private mark({ id }: KnownCustomer): string {
    return `${id}-${++this.count}`;
  }
}

function pathOf({ id }: KnownCustomer): string {
  return `/accounts/customers/${id}`;
}
