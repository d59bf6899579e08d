import { allowedMoves, type OrderStatusEvent } from '@storefront/contracts';
import {
  byId,
  type CustomerDocument,
  type FulfillmentDocument,
  type LaneDocument,
  type OrderDocument,
  type Stores,
} from './stores';

export interface Expected {
  /** Aggregates of which somebody else's messages tell, or of which something waits in a lane: they are not compared. */
  foreign?: ReadonlySet<string>;
}

/** Where the copies are not what their sources are, one line each; none when the system is consistent. */
export async function differences(stores: Stores, { foreign = new Set() }: Expected = {}): Promise<string[]> {
  const [customers, replicas, orders, fulfillments] = await Promise.all([
    byId(stores.customers),
    byId(stores.replicas),
    byId(stores.orders),
    byId(stores.fulfillments),
  ]);
  const own = ([id]: [string, unknown]): boolean => !foreign.has(id);
  return [
    ...customerDifferences(new Map([...customers].filter(own)), new Map([...replicas].filter(own))),
    ...fulfillmentDifferences(new Map([...orders].filter(own)), new Map([...fulfillments].filter(own))),
  ];
}

type Customers = ReadonlyMap<string, CustomerDocument>;

function customerDifferences(sources: Customers, replicas: Customers): string[] {
  const ids = new Set([...sources.keys(), ...replicas.keys()]);
  return [...ids].flatMap((id) => {
    const [source, replica] = [shown(sources.get(id)), shown(replicas.get(id))];
    return source === replica ? [] : [`customer ${id}: accounts has ${source}, orders has ${replica}`];
  });
}

/** What both sides must have alike. */
function shown(customer: CustomerDocument | undefined): string {
  if (!customer) return 'nothing';
  const { version, deleted = false, name, contact, addresses } = customer;
  return JSON.stringify(deleted ? { version, deleted } : { version, deleted, name, contact, addresses });
}

function fulfillmentDifferences(
  orders: ReadonlyMap<string, OrderDocument>,
  fulfillments: ReadonlyMap<string, FulfillmentDocument>,
): string[] {
  const found: string[] = [];
  for (const [guid, order] of orders) {
    const fulfillment = fulfillments.get(guid);
    if (order.deleted) continue;
    // sample orders are made with a past: only of those that sent a request is there a fulfillment
    const isRequested = order.eventVersion !== undefined;
    const fault = isRequested ? pairFault(order, fulfillment) : fulfillment && 'was never asked for';
    found.push(
      ...[fault, ...historyFaults(order.orderStatusEvents ?? [])]
        .flatMap((text) => text ?? [])
        .map((text) => `order ${guid}: ${text}`),
    );
  }
  for (const [guid, { order }] of fulfillments) {
    if (!orders.has(guid)) found.push(`fulfillment ${guid}: there is no such order`);
    if (order?.guid !== guid) found.push(`fulfillment ${guid}: is of order ${order?.guid}`);
  }
  return found;
}

function pairFault(order: OrderDocument, fulfillment: FulfillmentDocument | undefined): string | undefined {
  if (!fulfillment) return 'has no fulfillment';
  const ours = { events: order.orderStatusEvents, items: order.orderItems, version: order.fulfillmentVersion };
  const { orderStatusEvents: events, orderItems: items } = fulfillment.order ?? {};
  const theirs = { events, items, version: fulfillment.eventVersion ?? 0 };
  const [here, there] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (here !== there) return `orders has ${here}, fulfillment has ${there}`;
  const last = order.orderStatusEvents?.at(-1)?.orderStatusType;
  return order.status === last ? undefined : `is ${order.status} after ${last}`;
}

/** No status twice, and every one reached from the one before it by the status machine. */
function historyFaults(history: readonly OrderStatusEvent[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [index, { orderStatusType, timestamp }] of history.entries()) {
    if (seen.has(`${orderStatusType} ${timestamp}`)) faults.push(`has ${orderStatusType} of ${timestamp} twice`);
    seen.add(`${orderStatusType} ${timestamp}`);
    const before = history.slice(0, index);
    const moves = [...allowedMoves(before, false), ...allowedMoves(before, true)];
    if (!moves.some(({ to }) => to === orderStatusType)) {
      faults.push(`went from ${before.at(-1)?.orderStatusType} to ${orderStatusType}`);
    }
  }
  return faults;
}

/** What is still on its way out of a document, one line each. */
export async function unpublished(stores: Stores): Promise<string[]> {
  const waiting = { $or: [{ outbox: { $exists: true, $not: { $size: 0 } } }, { outboxSince: { $exists: true } }] };
  const found = await Promise.all([
    stores.customers.find(waiting).toArray(),
    stores.orders.find(waiting).toArray(),
    stores.fulfillments.find(waiting).toArray(),
  ]);
  return found
    .flat()
    .map(({ _id, outbox = [] }) => `outbox of ${String(_id)}: versions ${outbox.map((entry) => entry.version).join()}`);
}

export function describeLane({ _id, reason, events }: LaneDocument): string {
  return `lane ${_id}: ${events.map(({ position }) => position).join()} (${reason})`;
}
