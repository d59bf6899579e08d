import { boundedList, mostElements } from '@storefront/contracts';
import { z } from 'zod';

const OrderedItem = z.object({ product: z.string().min(1).max(64), quantity: z.int32().min(1) });

/** An order as a client places it: guids of products in the catalogue, and how many of each. */
export const OrderBody = z.object({ items: boundedList(OrderedItem, mostElements.orderItems).min(1) });
export type OrderBody = z.infer<typeof OrderBody>;
