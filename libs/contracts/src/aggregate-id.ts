import { canonicalId } from '@storefront/wire';
import { z } from 'zod';

/**
 * The id of a customer, an order or a product in an event: 1 to 256 characters, as another service chose them. UUIDs and ids of
 * 24 hexadecimal digits are read in either case and kept in lower case.
 */
export const AggregateId = z.string().min(1).max(256).overwrite(canonicalId);
export type AggregateId = z.infer<typeof AggregateId>;
