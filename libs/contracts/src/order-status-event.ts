import { z } from 'zod';
import { EventText } from './limits';
import { OrderStatusType } from './order-status-type';

/** An order reached a status. The timestamp is in epoch milliseconds. */
export const OrderStatusEvent = z.object({
  timestamp: z.int(),
  orderStatusType: OrderStatusType,
  note: EventText.nullable().default(null),
});
export type OrderStatusEvent = z.infer<typeof OrderStatusEvent>;
