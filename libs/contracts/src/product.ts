import { z } from 'zod';
import { AggregateId } from './aggregate-id';
import { EventText } from './limits';

/** What is sold. The price is a JSON number, 0 or above; the original Fulfillment knows neither description nor price. */
export const Product = z.object({
  guid: AggregateId,
  title: EventText.nullable(),
  description: EventText.nullable().default(null),
  price: z.number().min(0).nullable().default(null),
});
export type Product = z.infer<typeof Product>;
