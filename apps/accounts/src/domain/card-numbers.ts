import type { CreditCard } from '@storefront/contracts';
import { CardNumberUnknown } from './card-number-unknown';

/** The number as it leaves the service: the last four digits, none of a number that has no more. */
export function masked(number: string | null): string | null {
  if (number === null) return null;
  const digits = number.replace(/\D/g, '');
  return `****-****-****-${digits.length > 4 ? digits.slice(-4) : '****'}`;
}

/** The given cards with every masked number replaced by the stored one it was made from. Throws CardNumberUnknown. */
export function withNumbers(
  given: readonly CreditCard[] | null,
  stored: readonly CreditCard[],
): readonly CreditCard[] | null {
  if (!given) return null;
  const cards = given.map((card, position) => withNumber(card, position, stored));
  const unknown = cards.flatMap((card, position) => (card ? [] : [position]));
  if (unknown.length > 0) throw new CardNumberUnknown(unknown);
  return cards.filter((card) => card !== undefined);
}

function withNumber(card: CreditCard, position: number, stored: readonly CreditCard[]): CreditCard | undefined {
  if (!card.number?.includes('*')) return card;
  const candidates = stored
    .map((other, place) => ({ number: other.number, likeness: likeness(card, other) + (place === position ? 0.5 : 0) }))
    .filter((candidate) => masked(candidate.number) === card.number)
    .sort((a, b) => b.likeness - a.likeness);
  return candidates[0] && { ...card, number: candidates[0].number };
}

/** Two numbers can look the same when masked: the card that shares most with the given one is meant, then the one in its place. */
function likeness(card: CreditCard, other: CreditCard): number {
  const fields = ['type', 'description', 'expiration', 'nameOnCard'] as const;
  return fields.filter((field) => card[field] === other[field]).length;
}
