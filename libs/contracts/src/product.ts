import { z } from 'zod';
import { AggregateId } from './aggregate-id';
import { EventText } from './limits';

/** What is sold. The price is a JSON number; the original Fulfillment knows neither description nor price. */
export const Product = z.object({
  guid: AggregateId,
  title: EventText.nullable(),
  description: EventText.nullable().default(null),
  price: z.number().nullable().default(null),
});
export type Product = z.infer<typeof Product>;
