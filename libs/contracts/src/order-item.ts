import { z } from 'zod';
import { Product } from './product';

export const OrderItem = z.object({
  product: Product,
  quantity: z.int(),
});
export type OrderItem = z.infer<typeof OrderItem>;
