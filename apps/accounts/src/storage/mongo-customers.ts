import { Injectable } from '@nestjs/common';
import type { customerChanges, Precondition } from '@storefront/contracts';
import {
  AggregateNotFound,
  AggregateStore,
  type AggregateDocument,
  type Decision,
  documentGroups,
  type EventTypeOf,
  hexIdOf,
  live,
  LiveCount,
  type NewEvent,
  type Recollection,
  type Stored,
  storedFrom,
} from '@storefront/messaging';
import { mongo } from 'mongoose';
import { CardVault } from '../domain/card-vault';
import type { Customer } from '../domain/customer';
import { customerChanged } from '../domain/customer-changed';
import { customerDeleted } from '../domain/customer-deleted';
import { CustomerNotFound } from '../domain/customer-not-found';
import { Customers } from '../domain/customers';
import type { KeyedRequest } from '../domain/keyed-request';
import type { Page, PageRequest } from '../domain/page';
import { type CustomerDocument, toCustomer, toDocument } from './customer-document';

type CustomerEvent = EventTypeOf<typeof customerChanges>;

/** What a customer has to do with messages stays in the store. */
const projection = { outbox: 0, recentEventIds: 0, idempotency: 0 } as const;

@Injectable()
export class MongoCustomers extends Customers {
  private readonly count = new LiveCount(() => this.store.collection);

  constructor(
    private readonly store: AggregateStore<CustomerDocument, CustomerEvent>,
    private readonly vault: CardVault,
  ) {
    super();
  }

  nextId(request?: KeyedRequest): string {
    return request ? hexIdOf(request) : new mongo.ObjectId().toHexString();
  }

  async find(id: string): Promise<Customer | undefined> {
    return this.present(await this.store.find(id));
  }

  page({ page, size, sort }: PageRequest): Page<Customer> {
    const order = Object.fromEntries(
      sort.map(({ property, direction }) => [property === 'id' ? '_id' : property, direction]),
    );
    return {
      groups: this.groups({ sort: '_id' in order ? order : { ...order, _id: 'asc' }, skip: page * size, limit: size }),
      totalElements: () => this.count.total(),
    };
  }

  async sampleIds(): Promise<ReadonlyMap<string, string>> {
    const samples = this.store.collection.find({ ...live, sample: { $exists: true } }, { projection: { sample: 1 } });
    const customers = await samples.map((document) => this.customerOf(document)).toArray();
    return new Map(customers.map(({ id, sample }) => [sample ?? '', id]));
  }

  all(): AsyncIterable<readonly Customer[]> {
    return this.groups({ sort: { _id: 'asc' } });
  }

  async add(customer: Customer, request?: KeyedRequest): Promise<Customer> {
    if (request && customer.id !== this.nextId(request)) await this.claim(request);
    return toCustomer(await this.store.insert(customer.id, decision(customer), request), this.vault);
  }

  async change(id: string, amend: (customer: Customer) => Customer, precondition?: Precondition): Promise<Customer> {
    const decide = (stored: Stored<CustomerDocument>) => decision(amend(toCustomer(stored, this.vault)));
    return toCustomer(await this.knowing(id, this.store.change(id, decide, precondition)), this.vault);
  }

  async put(
    id: string,
    decide: (present: Customer | undefined) => Customer,
    precondition?: Precondition,
  ): Promise<{ customer: Customer; created: boolean }> {
    const { stored, created } = await this.store.put(id, (now) => decision(decide(this.present(now))), precondition);
    return { customer: toCustomer(stored, this.vault), created };
  }

  async putAll(
    ids: readonly string[],
    decide: (id: string, present: Customer | undefined) => Customer | undefined,
  ): Promise<void> {
    await this.store.changeMany([...ids], (now, id) => {
      const customer = decide(id, this.present(now));
      return customer && decision(customer);
    });
  }

  async remove(id: string, precondition?: Precondition): Promise<number> {
    const removed = this.store.remove(id, () => customerDeleted, precondition);
    return (await this.knowing(id, removed)).version;
  }

  private groups(part: { sort: Record<string, 'asc' | 'desc'>; skip?: number; limit?: number }) {
    return documentGroups(this.store.collection, live, {
      ...part,
      projection,
      map: (document) => this.customerOf(document),
    });
  }

  /** Where the client chose another id than the key's, the key's own id is taken too: by a deleted customer, here and in all copies. */
  private async claim(request: KeyedRequest): Promise<void> {
    await this.store.insert(this.nextId(request), { state: {}, deleted: true, event: customerDeleted }, request);
  }

  private present(stored: Stored<CustomerDocument> | undefined): Customer | undefined {
    return stored && !stored.deleted ? toCustomer(stored, this.vault) : undefined;
  }

  private customerOf(document: AggregateDocument): Customer {
    return toCustomer(storedFrom<CustomerDocument>(document), this.vault);
  }

  private async knowing<T>(id: string, change: Promise<T>): Promise<T> {
    try {
      return await change;
    } catch (error) {
      if (error instanceof AggregateNotFound) throw new CustomerNotFound(id);
      throw error;
    }
  }
}

/** A repeated registration says itself how the customer was: nothing of him is kept for it. */
export const registration: Recollection<CustomerDocument, null> = {
  note: () => null,
  restore: (_note, _now, repeated) => repeated,
};

/** The newest event again, made from the state: rule R7 of the publisher. */
export function customerSnapshot(stored: Stored<CustomerDocument>): NewEvent<CustomerEvent> {
  return stored.deleted ? customerDeleted : customerChanged(toCustomer(stored, withoutKeys));
}

/** Events have no cards. */
const withoutKeys = new CardVault();

function decision(customer: Customer): Decision<CustomerDocument, CustomerEvent> {
  return { state: toDocument(customer), event: customerChanged(customer) };
}
