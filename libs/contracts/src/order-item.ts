import { z } from 'zod';
import { Product } from './product';

/** How many of a product are ordered: a whole number from 1 to 2,147,483,647, in requests as in events. */
export const Quantity = z.int32().min(1);

export const OrderItem = z.object({
  product: Product,
  quantity: Quantity,
});
export type OrderItem = z.infer<typeof OrderItem>;
