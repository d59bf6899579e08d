import { z } from 'zod';

/** The id of a customer, an order, a product in an event: whatever another service chose. Not coerced. */
export const AggregateId = z.string().min(1).max(256);
export type AggregateId = z.infer<typeof AggregateId>;
