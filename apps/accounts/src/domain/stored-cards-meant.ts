import type { CreditCard } from '@storefront/contracts';
import type { GivenCard, KeptCard } from './kept-card';
import { masked } from './kept-card';

type Fields = Omit<CreditCard, 'number'>;
const fields = ['type', 'description', 'expiration', 'nameOnCard'] as const satisfies readonly (keyof Fields)[];

/** A masked number in a request: where it stands, and the stored cards that look like it. */
interface Search {
  readonly position: number;
  readonly card: GivenCard;
  /** All stored cards with this mask, whoever stands for them: what they say counts against each other. */
  readonly lookalikes: readonly number[];
  /** Those of them that nobody else stands for. */
  readonly candidates: readonly number[];
}

/**
 * Which stored card each masked number stands for: positions of given cards to positions of stored ones. `taken` stored cards are somebody
 * else's already. A mask alone never decides, unless one stored card alone has it. Of stored cards that look alike, the one that has all other
 * fields of the given card is meant; else the one that has all of them but one, and every field that any other has too. A position
 * that is missing in the result stands for none, or nothing tells for which.
 */
export function storedCardsMeant(
  given: ReadonlyMap<number, GivenCard>,
  stored: readonly KeptCard[],
  taken: ReadonlySet<number>,
): Map<number, number> {
  const meant = new Map<number, number>();
  const used = new Set(taken);
  const open = (): Search[] =>
    [...given]
      .filter(([position]) => !meant.has(position))
      .map(([position, card]) => {
        const lookalikes = alike(card, stored);
        return { position, card, lookalikes, candidates: lookalikes.filter((place) => !used.has(place)) };
      });
  for (const tell of [exactly, closest, only]) {
    for (const [position, place] of tell(open(), stored)) {
      meant.set(position, place);
      used.add(place);
    }
  }
  return meant;
}

function alike({ number }: GivenCard, stored: readonly KeptCard[]): number[] {
  return [...stored.keys()].filter((place) => {
    const kept = stored[place]?.number;
    return kept ? masked(kept) === number : false;
  });
}

/** Cards whose other fields are the same: as many in the request as in the store, so that it does not matter which is which. */
function exactly(open: readonly Search[], stored: readonly KeptCard[]): [number, number][] {
  return open.flatMap(({ position, card, candidates }) => {
    const same = candidates.filter((place) => equalFields(card, stored[place]).length === fields.length);
    const rivals = open.filter((other) => isTwin(other.card, card)).map((other) => other.position);
    const place = same[rivals.indexOf(position)];
    return place !== undefined && same.length === rivals.length ? [[position, place]] : [];
  });
}

/** A card of which one field changed. A stored card that somebody else stands for may have as much of it, not more. */
function closest(open: readonly Search[], stored: readonly KeptCard[]): [number, number][] {
  const found = open.flatMap(({ position, card, lookalikes, candidates }): [number, number][] => {
    // a copy of a card that stands there already: nothing tells whose number it has
    if (open.some((other) => other.position !== position && isTwin(other.card, card))) return [];
    const best = candidates.find((place) => {
      const equal = equalFields(card, stored[place]);
      const rivals = lookalikes.filter((other) => other !== place);
      return (
        equal.length === fields.length - 1 &&
        rivals.every((other) => {
          const others = equalFields(card, stored[other]);
          const isTold = equal.length > others.length || !candidates.includes(other);
          return isTold && others.every((field) => equal.includes(field));
        })
      );
    });
    return best === undefined ? [] : [[position, best]];
  });
  const places = found.map(([, place]) => place);
  return found.filter(([, place]) => places.indexOf(place) === places.lastIndexOf(place));
}

/** The only stored card with this mask at all, for the only given one: nothing else can be meant, whatever the other fields say. */
function only(open: readonly Search[]): [number, number][] {
  return open.flatMap(({ position, card, lookalikes, candidates: [place] }): [number, number][] => {
    const isAlone = open.every((other) => other.position === position || other.card.number !== card.number);
    return place !== undefined && lookalikes.length === 1 && isAlone ? [[position, place]] : [];
  });
}

function equalFields(card: Fields, other: Fields | undefined): string[] {
  return fields.filter((field) => card[field] === other?.[field]);
}

function isTwin(one: GivenCard, other: GivenCard): boolean {
  return one.number === other.number && equalFields(one, other).length === fields.length;
}
