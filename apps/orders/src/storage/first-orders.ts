import { live, type NativeCollection, sizedDocuments } from '@storefront/messaging';
import type { FirstOrders } from '../domain/customer-orders';
import type { Order } from '../domain/order';
import { placedFirst, projection, toOrderOf } from './order-document';

/** Bytes of orders that are kept in memory while one query is read. */
const MAX_BYTES = 2 * 1024 * 1024;
/** A page of 20 customers with five orders each is one answer of the store; an order may have 200 KB, so that these are 20 MB. */
const PER_ANSWER = { bytes: 1024 * 1024, maxDocuments: 101 };
/** Orders that one query reads, those that are not kept too. */
const MAX_READ = 10_000;

/**
 * The orders that each of the customers placed first, at most `limit`, fewer where they are longer than 2 MiB together (one at
 * least). One query asks for all customers; where it would bring too much, one for each half of them, so that no more than
 * 2 MiB and one order are kept at a time. The customers come in the order of their ids, some in a map.
 */
export async function* firstOrders(
  collection: NativeCollection,
  customerIds: readonly string[],
  limit: number,
): AsyncGenerator<Map<string, FirstOrders>, void> {
  if (customerIds.length === 0) return;
  const found = await ordersOf(collection, customerIds, limit);
  if (found) return yield found;
  const middle = Math.ceil(customerIds.length / 2);
  yield* firstOrders(collection, customerIds.slice(0, middle), limit);
  yield* firstOrders(collection, customerIds.slice(middle), limit);
}

/** undefined: it is too much for one query; never for a single customer. */
async function ordersOf(
  collection: NativeCollection,
  customerIds: readonly string[],
  limit: number,
): Promise<Map<string, FirstOrders> | undefined> {
  const isSingle = customerIds.length === 1;
  const found = new Map(customerIds.map((id) => [id, { orders: new Array<Order>(), hasMore: false }]));
  const filter = { ...live, customerId: { ...rangeOf(customerIds), $in: [...customerIds] } };
  const most = isSingle ? limit + 1 : MAX_READ + 1;
  let [bytes, read] = [0, 0];
  const part = { projection, sort: placedFirst, limit: most } as const;
  for await (const group of sizedDocuments(collection, filter, part, PER_ANSWER)) {
    for (const { document, bytes: size } of group) {
      if (!isSingle && ++read > MAX_READ) return undefined;
      const order = toOrderOf(document);
      const own = found.get(order.state.customerId);
      if (!own || own.hasMore) continue;
      const isTooMuch = bytes > 0 && bytes + size > MAX_BYTES;
      if (isTooMuch && own.orders.length < limit && !isSingle) return undefined;
      if (isTooMuch || own.orders.length === limit) {
        own.hasMore = true;
        continue;
      }
      own.orders.push(order);
      bytes += size;
    }
  }
  return found;
}

/** Spares a store without indexes (the embedded one) most comparisons with a long list. */
function rangeOf(ids: readonly string[]): { $gte?: string; $lte?: string } {
  // in UTF-8, as the store compares
  const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { $gte: sorted[0], $lte: sorted.at(-1) };
}
