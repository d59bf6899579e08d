import { z } from 'zod';
import { AddressType } from './address-type';

/** Where bills or parcels go. `null` as in `Name`. */
export const Address = z.object({
  type: AddressType.nullable(),
  description: z.string().nullable(),
  address1: z.string().nullable(),
  address2: z.string().nullable().default(null),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postalCode: z.string().nullable(),
});
export type Address = z.infer<typeof Address>;
