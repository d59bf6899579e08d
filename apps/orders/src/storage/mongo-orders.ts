import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type AggregateDocument,
  AggregateNotFound,
  AggregateStore,
  documentId,
  live,
  nextVersion,
  type Stored,
  storedFrom,
  uuidOf,
} from '@storefront/messaging';
import type { KeyedRequest } from '../domain/keyed-request';
import type { Order } from '../domain/order';
import { OrderNotFound } from '../domain/order-not-found';
import { type AbsentOrder, Orders } from '../domain/orders';
import type { Page, PageRequest } from '../domain/page';
import { batchesOf } from './batches';
import { noOrderFields, type OrderDocument, toDecision, toOrder } from './order-document';
import { sortBy } from './sort-by';

/** What an order has to do with messages stays in the store. */
const projection = { outbox: 0, recentEventIds: 0, idempotency: 0 } as const;
const DELETIONS_PER_WRITE = 500;
const placedFirst = { placedAt: 'asc', _id: 'asc' } as const;

@Injectable()
export class MongoOrders extends Orders {
  constructor(private readonly store: AggregateStore<OrderDocument>) {
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
    expectedVersion?: number,
    request?: KeyedRequest,
  ): Promise<Order> {
    const decision = (now: Stored<OrderDocument>) => toDecision(decide(toOrder(now)));
    return knowing(guid, async () => toOrder(await this.store.change(guid, decision, expectedVersion, request)));
  }

  async changeMany(guids: readonly string[], decide: (order: Order | AbsentOrder) => Order | undefined): Promise<void> {
    await this.store.changeMany([...guids], (now, guid) => {
      const order = decide(now && !now.deleted ? toOrder(now) : { guid, absent: now ? 'deleted' : 'unknown' });
      return order && toDecision(order);
    });
  }

  async pageOf(customerId: string, { page, size, sort }: PageRequest): Promise<Page<Order>> {
    const filter = { ...live, customerId };
    const documents = this.store.collection
      .find(filter, { projection })
      .sort(sortBy(sort, placedFirst))
      .skip(page * size)
      .limit(size);
    const [items, totalElements] = await Promise.all([
      documents.map(toOrderOf).toArray(),
      this.store.collection.countDocuments(filter),
    ]);
    return { items, totalElements };
  }

  async ofCustomers(customerIds: readonly string[], limit = Infinity): Promise<Map<string, Order[]>> {
    const filter = { ...live, customerId: { ...rangeOf(customerIds), $in: [...customerIds] } };
    const orders = new Map<string, Order[]>(customerIds.map((id) => [id, []]));
    if (customerIds.length === 0) return orders;
    const documents = this.store.collection.find(filter, { projection }).sort(placedFirst);
    if (customerIds.length === 1 && Number.isFinite(limit)) documents.limit(limit);
    for await (const order of documents.map(toOrderOf)) {
      const own = orders.get(order.state.customerId);
      if (own && own.length < limit) own.push(order);
    }
    return orders;
  }

  batchesToFulfill(size: number): AsyncIterable<Order[]> {
    const filter = { ...live, status: 'APPROVED', fulfillmentRequested: false };
    return batchesOf(this.store.collection.find(filter, { projection, batchSize: size }).map(toOrderOf), size);
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

/** Spares a store without indexes (the embedded one) most comparisons with a long list. */
function rangeOf(ids: readonly string[]): { $gte?: string; $lte?: string } {
  // in UTF-8, as the store compares
  const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { $gte: sorted[0], $lte: sorted.at(-1) };
}

function toOrderOf(document: AggregateDocument): Order {
  return toOrder(storedFrom<OrderDocument>(document));
}
