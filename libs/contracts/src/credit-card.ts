import { z } from 'zod';
import { CreditCardType } from './credit-card-type';
import { EventText } from './limits';

/** A card as Accounts keeps it. It is in no event. `null` as in `Name`. */
export const CreditCard = z.object({
  type: CreditCardType.nullable(),
  description: EventText.nullable(),
  number: EventText.nullable(),
  expiration: EventText.nullable(),
  nameOnCard: EventText.nullable(),
});
export type CreditCard = z.infer<typeof CreditCard>;
