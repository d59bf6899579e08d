import { z } from 'zod';
import { CreditCardType } from './credit-card-type';

/** A card as Accounts keeps it. It is in no event. `null` as in `Name`. */
export const CreditCard = z.object({
  type: CreditCardType.nullable(),
  description: z.string().nullable(),
  number: z.string().nullable(),
  expiration: z.string().nullable(),
  nameOnCard: z.string().nullable(),
});
export type CreditCard = z.infer<typeof CreditCard>;
