import { z } from 'zod';
import { AggregateId } from './aggregate-id';
import { OrderStatusEvent } from './order-status-event';

export const OrderStatusChange = z
  .object({
    guid: AggregateId,
    orderStatusEvent: OrderStatusEvent,
  })
  .describe('Fulfillment reports that an order reached a status.');
export type OrderStatusChange = z.infer<typeof OrderStatusChange>;
