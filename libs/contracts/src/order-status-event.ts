import { z } from 'zod';
import { EventText } from './limits';
import { OrderStatusType } from './order-status-type';

/** When something happened, in epoch milliseconds: from 1970 to the last moment that a date can name. */
export const EpochMs = z.int().min(0).max(8_640_000_000_000_000);

/** An order reached a status. The timestamp is in epoch milliseconds. */
export const OrderStatusEvent = z.object({
  timestamp: EpochMs,
  orderStatusType: OrderStatusType,
  note: EventText.nullable().default(null),
});
export type OrderStatusEvent = z.infer<typeof OrderStatusEvent>;
