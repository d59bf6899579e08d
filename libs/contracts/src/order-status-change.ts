import { z } from 'zod';
import { AggregateId } from './aggregate-id';
import { OrderStatusEvent } from './order-status-event';

/** Fulfillment reports that an order reached a status. */
export const OrderStatusChange = z.object({
  guid: AggregateId,
  orderStatusEvent: OrderStatusEvent,
});
export type OrderStatusChange = z.infer<typeof OrderStatusChange>;
