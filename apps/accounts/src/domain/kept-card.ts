import type { CreditCard } from '@storefront/contracts';

/** What is left of a card number once it is stored. */
export interface KeptNumber {
  /** The last four digits; null of a number that had no more than these. */
  readonly last4: string | null;
  readonly brand: string | null;
  /** `key id:hash` of customer and number: tells whether the same number comes again. Absent where there was no key. */
  readonly hash?: string;
  /** `key id:number`, the number encrypted. Only where CARD_NUMBERS is `encrypted`. */
  readonly sealed?: string;
}

/** A card as a customer has it: not with its number, but with what is kept of it. */
export interface KeptCard extends Omit<CreditCard, 'number'> {
  readonly number: KeptNumber | null;
}

/** A card as a client gives it: with a whole number, or with a masked one that stands for a stored card. */
export interface GivenCard extends CreditCard {
  /** Position of the stored card whose number this one keeps, where that is known. */
  readonly keeps?: number;
}

/** The number as it leaves the service. */
export function masked(number: KeptNumber): string {
  return `****-****-****-${number.last4 ?? '****'}`;
}
