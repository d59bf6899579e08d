import { BusyCustomers } from './busy-customers';
import { BusyOrders } from './busy-orders';
import { PatientClient } from './client';
import { type Acknowledged, Ledger } from './ledger';
import { Seeded } from './seeded';

export interface LoadOptions {
  seed: number;
  workers: number;
  /** Between two requests of a worker. */
  pauseMs: number;
  /** Of its customers' ids, where another load has been before it. */
  prefix?: string;
  /** Called for every write that was answered 2xx. */
  onWrite?: (entry: Acknowledged) => void;
}

/** Clients that do what clients do, all at once, until they are stopped; they can be started again. */
export class Load {
  readonly ledger: Ledger;
  private readonly chance: Seeded;
  private readonly customers: BusyCustomers;
  private readonly orders: BusyOrders;
  private stopping = false;
  private workers: Promise<void>[] = [];

  constructor(
    gatewayUrls: readonly string[],
    private readonly options: LoadOptions,
  ) {
    this.ledger = new Ledger(options.onWrite);
    this.chance = new Seeded(options.seed);
    const client = new PatientClient(gatewayUrls, this.ledger);
    this.customers = new BusyCustomers(client, this.ledger, this.chance, options.prefix);
    this.orders = new BusyOrders(client, this.ledger, this.chance);
  }

  start(): this {
    this.stopping = false;
    this.workers = Array.from({ length: this.options.workers }, () => this.work());
    return this;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.workers);
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
