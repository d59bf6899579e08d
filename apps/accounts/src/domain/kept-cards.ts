import { type CardFault, CardNumberRefused } from './card-number-refused';
import type { CardVault } from './card-vault';
import type { GivenCard, KeptCard, KeptNumber } from './kept-card';
import { storedCardsMeant } from './stored-cards-meant';

const notTold = 'is masked, and no stored card of this customer, or more than one, may be meant';
const twice = 'stands for a stored card that another card in this request stands for already';

export interface Owner {
  readonly id: string;
  readonly cards: readonly KeptCard[];
}

/**
 * Returns the given cards with what is kept of their numbers. A number without a `*` is taken as it is, whatever its form, as the
 * original service does; it keeps its place where it is stored already. A masked one stands for a stored card, and each stored
 * card is stood for at most once. Throws CardNumberRefused with the positions of masked numbers for which no stored card, or
 * more than one, may be meant.
 */
export function keptCards(given: readonly GivenCard[], owner: Owner, vault: CardVault): KeptCard[] {
  const numbers = new Map<number, KeptNumber>();
  const taken = new Set<number>();
  const faults: CardFault[] = [];
  const take = (position: number, place: number | undefined, message: string): void => {
    const number = place === undefined ? undefined : owner.cards[place]?.number;
    if (place === undefined || !number || taken.has(place)) faults.push({ position, message });
    else {
      numbers.set(position, number);
      taken.add(place);
    }
  };
  for (const [position, { keeps }] of given.entries()) if (keeps !== undefined) take(position, keeps, twice);
  for (const [position, { keeps, number }] of given.entries()) {
    if (keeps !== undefined || number === null || number.includes('*')) continue;
    const place = owner.cards.findIndex(
      (card, place) => card.number && !taken.has(place) && vault.isSame(number, card.number, owner.id),
    );
    if (place >= 0) take(position, place, twice);
    else numbers.set(position, vault.keep(number, owner.id));
  }
  const masks = new Map(
    [...given.entries()].filter(([, card]) => card.keeps === undefined && card.number?.includes('*')),
  );
  const meant = storedCardsMeant(masks, owner.cards, taken);
  for (const position of masks.keys()) take(position, meant.get(position), notTold);
  if (faults.length > 0) throw new CardNumberRefused(faults.toSorted((a, b) => a.position - b.position));
  return given.map((card, position) => keptCard(card, numbers.get(position) ?? null));
}

function keptCard({ type, description, expiration, nameOnCard }: GivenCard, number: KeptNumber | null): KeptCard {
  return { type, description, number, expiration, nameOnCard };
}
