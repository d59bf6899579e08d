import type { Precondition } from '@storefront/contracts';
import type { FirstOrders } from './customer-orders';
import type { KeyedRequest } from './keyed-request';
import type { Order } from './order';
import type { Page, PageRequest } from './page';

/** The orders of all customers. What a method returned is stored for good. */
export abstract class Orders {
  /** A guid nobody has; for a request that may come again always the same one. */
  abstract nextGuid(request?: KeyedRequest): string;
  /** When this request added the order before, it comes back as it was then. */
  abstract add(order: Order, request?: KeyedRequest): Promise<Order>;
  /** The order as this request left it, if it came before. */
  abstract answered(guid: string, request: KeyedRequest): Promise<Order | undefined>;
  /** Throws OrderNotFound. */
  abstract get(guid: string): Promise<Order>;
  /** The version of Fulfillment's newest report in this order; 0 where none has arrived. */
  abstract fulfillmentVersionOf(guid: string): Promise<number>;
  /**
   * Stores what `decide` makes of the order; it may be called again when others change the order meanwhile. Throws
   * OrderNotFound, and refuses when the version that is stored does not fit `precondition`. When this request came before, nothing
   * is decided, and the order comes back as it was then.
   */
  abstract change(
    guid: string,
    decide: (order: Order) => Order,
    precondition?: Precondition,
    request?: KeyedRequest,
  ): Promise<Order>;
  /** The same for many orders at once; an order given back as it was is not written. */
  abstract changeMany(
    guids: readonly string[],
    decide: (order: Order | AbsentOrder) => Order | undefined,
  ): Promise<void>;
  /** A customer's orders, the first one placed first unless sorted otherwise. */
  abstract pageOf(customerId: string, request: PageRequest): Page<Order>;
  /**
   * The orders that these customers placed first, at most `limit` of each, fewer where they are large: what is in memory at a
   * time stays at some MiB. Every customer comes once, in the order of the ids, some of them at a time.
   */
  abstract firstOf(customerIds: readonly string[], limit: number): AsyncIterable<ReadonlyMap<string, FirstOrders>>;
  /** Approved, not yet requested to be fulfilled; in groups that are read while they are taken. */
  abstract toFulfill(): AsyncIterable<readonly Order[]>;
  abstract addMany(orders: readonly Order[]): Promise<void>;
  /** Deletes the sample orders of all customers, deleted ones included. */
  abstract removeSamples(): Promise<void>;
}

export interface AbsentOrder {
  readonly guid: string;
  readonly absent: 'unknown' | 'deleted';
}

export function isAbsent(order: Order | AbsentOrder): order is AbsentOrder {
  return 'absent' in order;
}
