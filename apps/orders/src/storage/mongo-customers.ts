import { Injectable } from '@nestjs/common';
import {
  type AggregateDocument,
  documentGroups,
  documentId,
  idOf,
  live,
  LiveCount,
  ReplicaStore,
  type Stored,
  storedFrom,
} from '@storefront/messaging';
import type { Customer } from '../domain/customer';
import { CustomerDeleted } from '../domain/customer-deleted';
import type { VersionedCustomer } from '../domain/customer-orders';
import { CustomerNotReplicated } from '../domain/customer-not-replicated';
import { type CustomerReport, Customers, type ReplicationResult } from '../domain/customers';
import type { Page, PageRequest } from '../domain/page';
import { batchesOf } from './batches';
import { sortBy } from './sort-by';

/** A customer's own part of the document. */
export type CustomerDocument = Omit<Customer, 'id'>;

const idFirst = { _id: 'asc' } as const;

@Injectable()
export class MongoCustomers extends Customers {
  private readonly count = new LiveCount(() => this.store.collection);

  constructor(private readonly store: ReplicaStore<CustomerDocument>) {
    super();
  }

  async get(id: string): Promise<Customer> {
    return (await this.getVersioned(id)).customer;
  }

  async getVersioned(id: string): Promise<VersionedCustomer> {
    const stored = await this.store.find(id);
    if (!stored) throw new CustomerNotReplicated(id);
    if (stored.deleted) throw new CustomerDeleted(id);
    return toVersioned(stored);
  }

  async has(id: string): Promise<boolean> {
    const filter = { ...live, _id: documentId(id) };
    return (await this.store.collection.findOne(filter, { projection: { _id: 1 } })) !== null;
  }

  async versionOf(id: string): Promise<number> {
    const found = await this.store.collection.findOne({ _id: documentId(id) }, { projection: { version: 1 } });
    return found?.version ?? 0;
  }

  async known(ids: readonly string[]): Promise<Map<string, Customer>> {
    const filter = { ...live, _id: { $in: ids.map(documentId) } };
    const customers = await this.store.collection.find(filter).map(toCustomerOf).toArray();
    return new Map(customers.map((customer) => [customer.id, customer]));
  }

  replicate(reports: readonly CustomerReport[]): Promise<ReplicationResult[]> {
    return this.store.apply(
      reports.map(({ customer, ...report }) => ({ ...report, state: customer && own(customer) })),
    );
  }

  page({ page, size, sort }: PageRequest): Page<VersionedCustomer> {
    return {
      groups: this.groups({ sort: sortBy(sort, idFirst), skip: page * size, limit: size }),
      totalElements: () => this.count.total(),
    };
  }

  all(): AsyncIterable<readonly VersionedCustomer[]> {
    return this.groups({ sort: idFirst });
  }

  ids(size: number): AsyncIterable<readonly string[]> {
    const ids = this.store.collection.find(live, { projection: { _id: 1 } }).sort(idFirst);
    return batchesOf(
      ids.map(({ _id }) => idOf(_id)),
      size,
    );
  }

  private groups(part: { sort: Record<string, 'asc' | 'desc'>; skip?: number; limit?: number }) {
    return documentGroups(this.store.collection, live, { ...part, map: toVersionedOf });
  }
}

function toVersionedOf(document: AggregateDocument): VersionedCustomer {
  return toVersioned(storedFrom<CustomerDocument>(document));
}

function toCustomer({ id, state: { name, contact, addresses } }: Stored<CustomerDocument>): Customer {
  return { id, name, contact, addresses };
}

function toVersioned(stored: Stored<CustomerDocument>): VersionedCustomer {
  return { customer: toCustomer(stored), version: stored.version };
}

function toCustomerOf(document: AggregateDocument): Customer {
  return toCustomer(storedFrom<CustomerDocument>(document));
}

function own({ name, contact, addresses }: Customer): CustomerDocument {
  return { name, contact, addresses };
}
