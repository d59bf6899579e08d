import { AggregateId, OrderItem, OrderStatusEvent, OrderStatusType, Product } from '@storefront/contracts';
import { type HalItem, halItem, type ResourceProfile } from '@storefront/hal';
import { z } from 'zod';
import type { Order } from '../domain/order';

export const rels = { item: 'order', collection: 'orders', customer: 'customer' } as const;

/** An order as it is sent, without `_links`. */
export const OrderRepresentation = z.object({
  guid: AggregateId,
  customerId: AggregateId,
  status: OrderStatusType,
  orderStatusEvents: z.array(OrderStatusEvent),
  orderItems: z.array(OrderItem),
  /** From then on only Fulfillment decides. */
  fulfillmentRequested: z.boolean(),
});
export type OrderRepresentation = z.infer<typeof OrderRepresentation>;

export const orderProfile: ResourceProfile = {
  item: rels.item,
  collection: rels.collection,
  schema: OrderRepresentation,
  definitions: { orderItem: OrderItem, orderStatusEvent: OrderStatusEvent, product: Product },
  operations: ['create'],
};

/** What `sort` takes; `placedAt` is the time of the first event of an order. */
export const sortable = ['guid', 'status', 'placedAt'];

export function ordersPath(customerId: string): string {
  return `/customers/${encodeURIComponent(customerId)}/orders`;
}

/**
 * An order, with links to what can be done with it now. The link to its customer is left out where the customer was deleted: the
 * order stays, and says by `customerId` whose it is.
 */
export function orderResource(order: Order, { hasCustomer = true } = {}): HalItem {
  const path = `/orders/${encodeURIComponent(order.guid)}`;
  const { customerId, status, orderStatusEvents, orderItems, fulfillmentRequested } = order.state;
  const commands = order.possibleCommands().map((command) => [command, `${path}/${command}`] as const);
  return halItem({
    rel: rels.item,
    path,
    content: { guid: order.guid, customerId, status, orderStatusEvents, orderItems, fulfillmentRequested },
    version: order.version,
    links: {
      ...(hasCustomer && { [rels.customer]: `/customerOrderses/${encodeURIComponent(customerId)}` }),
      ...Object.fromEntries(commands),
    },
  });
}
