import { z } from 'zod';
import { Address } from './address';
import { AggregateId } from './aggregate-id';
import { Contact } from './contact';
import { eventList } from './limits';
import { Name } from './name';
import { OrderItem } from './order-item';
import { OrderStatusEvent } from './order-status-event';

export const FulfillmentRequest = z
  .object({
    timestamp: z.int(),
    name: Name,
    contact: Contact,
    address: Address,
    order: z.object({
      guid: AggregateId,
      orderStatusEvents: eventList(OrderStatusEvent),
      orderItems: eventList(OrderItem),
    }),
  })
  .describe('Orders asks for an approved order to be delivered. The timestamp is in epoch milliseconds.');
export type FulfillmentRequest = z.infer<typeof FulfillmentRequest>;
