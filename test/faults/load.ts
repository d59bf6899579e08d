import type { Storefront } from '../system/storefront';
import { byId } from '../system/stores';
import { BusyCustomers } from './busy-customers';
import { BusyOrders } from './busy-orders';
import { PatientClient } from './client';
import { Ledger } from './ledger';
import { Seeded } from './seeded';

export interface LoadOptions {
  seed: number;
  workers: number;
  /** Between two requests of a worker. */
  pauseMs: number;
  /** Of its customers' ids, where another load has been before it. */
  prefix?: string;
}

/** Clients that do what clients do, all at once, until they are stopped. */
export class Load {
  readonly ledger = new Ledger();
  private readonly chance: Seeded;
  private readonly customers: BusyCustomers;
  private readonly orders: BusyOrders;
  private stopping = false;
  private workers: Promise<void>[] = [];

  constructor(
    gatewayUrl: string,
    private readonly options: LoadOptions,
  ) {
    this.chance = new Seeded(options.seed);
    const client = new PatientClient(gatewayUrl, this.ledger);
    this.customers = new BusyCustomers(client, this.ledger, this.chance, options.prefix);
    this.orders = new BusyOrders(client, this.ledger, this.chance);
  }

  start(): this {
    this.workers = Array.from({ length: this.options.workers }, () => this.work());
    return this;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.workers);
  }

  /** Promises that were not kept, and answers that no fault explains; none when all is well. */
  async broken({ stores, topics }: Storefront): Promise<string[]> {
    const records = await topics.read('accounts.customer.change');
    const told = this.ledger.missingFrom(records, await byId(stores.customers));
    return [...this.ledger.surprises, ...(await this.ledger.broken(stores)), ...told];
  }

  /** For the report. */
  get seen(): string {
    const { acknowledged, unanswered, refused, customers, orders } = this.ledger;
    const requests = `${acknowledged} acknowledged, ${unanswered.length} unanswered, ${refused} refused`;
    return `${requests}; ${customers.size} customers, ${orders.size} orders`;
  }

  private async work(): Promise<void> {
    while (!this.stopping) {
      await this.request(this.chance.next());
      await new Promise((resolve) => setTimeout(resolve, this.options.pauseMs));
    }
  }

  private request(share: number): Promise<void> {
    if (share < 0.14) return this.customers.register();
    if (share < 0.3) return this.customers.amendOne();
    if (share < 0.33) return this.customers.deleteOne();
    if (share < 0.52) return this.orders.place(this.customers.anyId());
    return this.orders.moveOne();
  }
}
