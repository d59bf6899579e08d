import type { Customer } from './customer';
import type { VersionedCustomer } from './customer-orders';
import type { Page, PageRequest } from './page';

/** What Accounts reported about one customer. */
export interface CustomerReport {
  readonly id: string;
  /** The customer's version in Accounts; an original Accounts sends none. */
  readonly version: number | undefined;
  /** null: it was deleted. */
  readonly customer: Customer | null;
  /** Where the report was read: unversioned ones are put in order by it. */
  readonly origin: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
    readonly timestamp: number;
  };
}

export type ReplicationResult = 'applied' | 'duplicate' | 'ignored';

/** The replica of the customers that Accounts owns. */
export abstract class Customers {
  /** Throws CustomerNotReplicated or CustomerDeleted. */
  abstract get(id: string): Promise<Customer>;
  /** Throws as `get` does. */
  abstract getVersioned(id: string): Promise<VersionedCustomer>;
  /** Whether the customer is here and not deleted. */
  abstract has(id: string): Promise<boolean>;
  /** The version of the newest report about this customer, a deletion too; 0 where none has arrived. */
  abstract versionOf(id: string): Promise<number>;
  /** Those of the given customers that are known and not deleted, by id. */
  abstract known(ids: readonly string[]): Promise<Map<string, Customer>>;
  /** A report at or below the version that is here changes nothing. One result a report. */
  abstract replicate(reports: readonly CustomerReport[]): Promise<ReplicationResult[]>;
  abstract page(request: PageRequest): Page<VersionedCustomer>;
  /** All that are not deleted, in groups that are read while they are taken. */
  abstract all(): AsyncIterable<readonly VersionedCustomer[]>;
  /** The ids of all that are not deleted, in groups of at most `size`. */
  abstract ids(size: number): AsyncIterable<readonly string[]>;
}
