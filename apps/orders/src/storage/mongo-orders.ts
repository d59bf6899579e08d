import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import {
  AggregateNotFound,
  AggregateStore,
  documentGroups,
  documentId,
  live,
  nextVersion,
  type Stored,
  uuidOf,
} from '@storefront/messaging';
import type { FirstOrders } from '../domain/customer-orders';
import type { KeyedRequest } from '../domain/keyed-request';
import type { Order } from '../domain/order';
import { OrderNotFound } from '../domain/order-not-found';
import { type AbsentOrder, Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';
import { batchesOf } from './batches';
import { firstOrders } from './first-orders';
import {
  noOrderFields,
  type OrderDocument,
  placedFirst,
  projection,
  type RequestEvent,
  toDecision,
  toOrder,
  toOrderOf,
} from './order-document';
import { sortBy } from './sort-by';

const DELETIONS_PER_WRITE = 500;

@Injectable()
export class MongoOrders extends Orders {
  constructor(private readonly store: AggregateStore<OrderDocument, RequestEvent>) {
    super();
  }

  nextGuid(request?: KeyedRequest): string {
    return request ? uuidOf(request) : randomUUID();
  }

  async add(order: Order, request?: KeyedRequest): Promise<Order> {
    return toOrder(await this.store.insert(order.guid, toDecision(order), request));
  }

  answered(guid: string, request: KeyedRequest): Promise<Order | undefined> {
    return knowing(guid, async () => {
      const stored = await this.store.answered(guid, request);
      return stored && toOrder(stored);
    });
  }

  async get(guid: string): Promise<Order> {
    const stored = await this.store.find(guid);
    if (!stored || stored.deleted) throw new OrderNotFound(guid);
    return toOrder(stored);
  }

  async fulfillmentVersionOf(guid: string): Promise<number> {
    const fields = { projection: { fulfillmentVersion: 1 } };
    const found = await this.store.collection.findOne<Partial<OrderDocument>>({ _id: documentId(guid) }, fields);
    return found?.fulfillmentVersion ?? 0;
  }

  change(
    guid: string,
    decide: (order: Order) => Order,
    precondition?: Precondition,
    request?: KeyedRequest,
  ): Promise<Order> {
    const decision = (now: Stored<OrderDocument>) => toDecision(decide(toOrder(now)));
    return knowing(guid, async () => toOrder(await this.store.change(guid, decision, precondition, request)));
  }

  async changeMany(guids: readonly string[], decide: (order: Order | AbsentOrder) => Order | undefined): Promise<void> {
    await this.store.changeMany([...guids], (now, guid) => {
      const order = decide(now && !now.deleted ? toOrder(now) : { guid, absent: now ? 'deleted' : 'unknown' });
      return order && toDecision(order);
    });
  }

  pageOf(customerId: string, { page, size, sort }: PageRequest): Page<Order> {
    const filter = { ...live, customerId };
    const part = { sort: sortBy(sort, placedFirst), skip: page * size, limit: size };
    return {
      groups: documentGroups(this.store.collection, filter, { ...part, projection, map: toOrderOf }),
      totalElements: () => this.store.collection.countDocuments(filter),
    };
  }

  firstOf(customerIds: readonly string[], limit: number): AsyncIterable<ReadonlyMap<string, FirstOrders>> {
    return firstOrders(this.store.collection, customerIds, limit);
  }

  toFulfill(): AsyncIterable<readonly Order[]> {
    const filter = { ...live, status: 'APPROVED', fulfillmentRequested: false };
    return documentGroups(this.store.collection, filter, { projection, map: toOrderOf });
  }

  async addMany(orders: readonly Order[]): Promise<void> {
    await this.store.insertMany(orders.map((order) => ({ id: order.guid, decision: toDecision(order) })));
  }

  /** Nobody hears of a deleted order, and what waits in an outbox still goes out: so these are not writes of the store's. */
  async removeSamples(): Promise<void> {
    const samples = { ...live, sample: true };
    const ids = this.store.collection.find(samples, { projection: { _id: 1 } }).map(({ _id }) => _id);
    for await (const batch of batchesOf(ids, DELETIONS_PER_WRITE)) {
      await this.store.collection.updateMany(
        { ...samples, _id: { $in: batch } },
        { ...nextVersion(), $set: { deleted: true }, $unset: noOrderFields },
        { writeConcern: { w: 'majority', journal: true } },
      );
    }
  }
}

async function knowing<T>(guid: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof AggregateNotFound ? new OrderNotFound(guid) : error;
  }
}
