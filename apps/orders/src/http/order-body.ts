import { z } from 'zod';

/** An order as a client places it: guids of products in the catalogue, and how many of each. */
export const OrderBody = z.object({
  items: z
    .array(z.object({ product: z.string().min(1).max(64), quantity: z.int32().min(1) }))
    .min(1)
    .max(1000),
});
export type OrderBody = z.infer<typeof OrderBody>;
