import { mostCharacters, ShippingMethod } from '@storefront/contracts';
import { z } from 'zod';

/** What every command takes; a request without a body says nothing. */
const Remark = z.object({ note: z.string().max(mostCharacters.note).nullable().default(null) });

export const FulfillmentCommandBody = Remark.prefault({});
export type FulfillmentCommandBody = z.infer<typeof FulfillmentCommandBody>;

export const ShipBody = Remark.extend({ shippingMethod: ShippingMethod });
export type ShipBody = z.infer<typeof ShipBody>;
