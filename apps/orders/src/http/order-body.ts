import { AggregateId, boundedList, mostElements, Quantity } from '@storefront/contracts';
import { z } from 'zod';

const OrderedItem = z.object({ product: AggregateId.max(64), quantity: Quantity });

/** An order as a client places it: guids of products in the catalogue, and how many of each. */
export const OrderBody = z.object({ items: boundedList(OrderedItem, mostElements.orderItems).min(1) });
export type OrderBody = z.infer<typeof OrderBody>;
