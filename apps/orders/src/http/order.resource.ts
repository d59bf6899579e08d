import { type HalItem, halItem } from '@storefront/hal';
import type { Order } from '../domain/order';

export const rels = { item: 'order', collection: 'orders', customer: 'customer' } as const;

export function ordersPath(customerId: string): string {
  return `/customers/${encodeURIComponent(customerId)}/orders`;
}

/** An order, with links to what can be done with it now. */
export function orderResource(order: Order): HalItem {
  const path = `/orders/${encodeURIComponent(order.guid)}`;
  const { customerId, status, orderStatusEvents, orderItems, fulfillmentRequested } = order.state;
  const commands = order.possibleCommands().map((command) => [command, `${path}/${command}`] as const);
  return halItem({
    rel: rels.item,
    path,
    content: { guid: order.guid, customerId, status, orderStatusEvents, orderItems, fulfillmentRequested },
    version: order.version,
    links: { [rels.customer]: ordersPath(customerId), ...Object.fromEntries(commands) },
  });
}
