import { z } from 'zod';
import { Address } from './address';
import { AggregateId } from './aggregate-id';
import { Contact } from './contact';
import { eventList } from './limits';
import { Name } from './name';
import { OrderItem } from './order-item';
import { EpochMs, OrderStatusEvent } from './order-status-event';
import { isFulfillable } from './status-machine';

/** What is ordered, and the statuses that the order has reached, the newest last. */
export const OrderContents = z.object({
  guid: AggregateId,
  orderStatusEvents: eventList(OrderStatusEvent),
  orderItems: eventList(OrderItem),
});
export type OrderContents = z.infer<typeof OrderContents>;

export const FulfillmentRequest = z
  .object({
    timestamp: EpochMs,
    name: Name,
    contact: Contact,
    address: Address,
    order: OrderContents.extend({
      orderStatusEvents: OrderContents.shape.orderStatusEvents.refine(isFulfillable, {
        error:
          'must be a history that begins with CREATED, makes no move that an order may not make, and ends with APPROVED',
      }),
      orderItems: OrderContents.shape.orderItems.min(1),
    }),
  })
  .describe('Orders asks for an approved order to be delivered. The timestamp is in epoch milliseconds.');
export type FulfillmentRequest = z.infer<typeof FulfillmentRequest>;
