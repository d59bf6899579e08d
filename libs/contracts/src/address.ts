import { z } from 'zod';
import { AddressType } from './address-type';
import { EventText } from './limits';

/** Where bills or parcels go. `null` as in `Name`. */
export const Address = z.object({
  type: AddressType.nullable(),
  description: EventText.nullable(),
  address1: EventText.nullable(),
  address2: EventText.nullable().default(null),
  city: EventText.nullable(),
  state: EventText.nullable(),
  postalCode: EventText.nullable(),
});
export type Address = z.infer<typeof Address>;
