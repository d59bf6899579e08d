import { canonicalId } from '@storefront/wire';
import { z } from 'zod';

/** Words that are resources of their own under a collection. */
export const reservedIds: readonly string[] = ['sample', 'summary', 'search'];

/**
 * An id that a client may choose: 1 to 64 characters that need no escaping in a URL, and no reserved word. UUIDs and ids of 24
 * hexadecimal digits are read in either case and kept in lower case.
 */
export const PathSafeId = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,64}$/, 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -')
  // what URLs, and gateways on the way, take for a step up
  .refine((id) => id !== '.' && !id.includes('..'), 'must have no two dots in a row')
  .refine((id) => !reservedIds.includes(id), 'is a reserved word')
  .overwrite(canonicalId);
export type PathSafeId = z.infer<typeof PathSafeId>;
