import { eventTypes, type OrderStatusChange } from '@storefront/contracts';
import type { Fulfillment } from './fulfillment';

/** The fact that the order has reached the status it is in. */
export function orderStatusChanged({ id, history }: Fulfillment): { type: string; value: OrderStatusChange } {
  const newest = history.at(-1);
  if (!newest) throw new Error(`Fulfillment ${id} has no status to report`);
  return { type: eventTypes.orderStatusChanged, value: { guid: id, orderStatusEvent: newest } };
}
