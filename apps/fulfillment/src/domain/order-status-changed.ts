import { eventTypes, type OrderStatusChange, type OrderStatusEvent } from '@storefront/contracts';
import type { Fulfillment } from './fulfillment';

/** An event that tells Orders of a status. */
export interface Fact {
  readonly type: typeof eventTypes.orderStatusChanged;
  readonly value: OrderStatusChange;
}

/** The fact that the order has reached the status it is in. */
export function orderStatusChanged({ id, history }: Fulfillment): Fact {
  const newest = history.at(-1);
  if (!newest) throw new Error(`Fulfillment ${id} has no status to report`);
  return reached(id, newest);
}

/** The same facts again, of every status that was reached here. */
export function orderStatusesChanged({ id, historyHere }: Fulfillment): Fact[] {
  return historyHere.map((event) => reached(id, event));
}

function reached(guid: string, orderStatusEvent: OrderStatusEvent): Fact {
  return { type: eventTypes.orderStatusChanged, value: { guid, orderStatusEvent } };
}
