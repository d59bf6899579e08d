import { Injectable } from '@nestjs/common';
import { type CustomerReport, Customers, type ReplicationResult } from '../domain/customers';

/** Keeps the replica as Accounts reports it. Orders are not touched by it. */
@Injectable()
export class ReplicateCustomers {
  constructor(private readonly customers: Customers) {}

  /** One result a report, in the same order. */
  execute(reports: readonly CustomerReport[]): Promise<ReplicationResult[]> {
    return this.customers.replicate(reports);
  }

  /** Reports of this customer up to this version are missed by nobody. */
  reached(id: string): Promise<number> {
    return this.customers.versionOf(id);
  }
}
