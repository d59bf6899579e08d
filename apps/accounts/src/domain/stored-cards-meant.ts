import type { CreditCard } from '@storefront/contracts';
import type { GivenCard, KeptCard } from './kept-card';
import { masked } from './kept-card';

type Fields = Omit<CreditCard, 'number'>;
const fields = ['type', 'description', 'expiration', 'nameOnCard'] as const satisfies readonly (keyof Fields)[];

/** A masked number in a request: where it stands, and the stored cards that look like it and that nobody else stands for. */
interface Search {
  readonly position: number;
  readonly card: GivenCard;
  readonly candidates: readonly number[];
}

/**
 * Which stored card each masked number stands for: positions of given cards to positions of stored ones. `taken` stored cards are somebody
 * else's already. A mask alone never decides. Of stored cards that look alike, the one that has all other fields of the given card
 * is meant; else the one that has every field that any other has, and more; else the one that is left when all others
 * are told. A position that is missing in the result stands for none, or nothing tells for which.
 */
export function storedCardsMeant(
  given: ReadonlyMap<number, GivenCard>,
  stored: readonly KeptCard[],
  taken: ReadonlySet<number>,
): Map<number, number> {
  const meant = new Map<number, number>();
  const free = new Set([...stored.keys()].filter((place) => !taken.has(place)));
  const open = (): Search[] =>
    [...given]
      .filter(([position]) => !meant.has(position))
      .map(([position, card]) => ({ position, card, candidates: alike(card, stored, free) }));
  for (const tell of [exactly, closest, last]) {
    for (const [position, place] of tell(open(), stored)) {
      meant.set(position, place);
      free.delete(place);
    }
  }
  return meant;
}

function alike({ number }: GivenCard, stored: readonly KeptCard[], free: ReadonlySet<number>): number[] {
  return [...free].filter((place) => {
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

function closest(open: readonly Search[], stored: readonly KeptCard[]): [number, number][] {
  const found = open.flatMap(({ position, card, candidates }): [number, number][] => {
    // a copy of a card that stands there already: nothing tells whose number it has
    if (open.some((other) => other.position !== position && isTwin(other.card, card))) return [];
    const best = candidates.find((place) =>
      candidates.every((other) => other === place || hasMore(card, stored[place], stored[other])),
    );
    return best === undefined ? [] : [[position, best]];
  });
  const places = found.map(([, place]) => place);
  return found.filter(([, place]) => places.indexOf(place) === places.lastIndexOf(place));
}

/** The only stored card that is left for the only given one that looks like it. */
function last(open: readonly Search[]): [number, number][] {
  return open.flatMap(({ position, card, candidates: [place, ...others] }): [number, number][] => {
    const isAlone = open.every((other) => other.position === position || other.card.number !== card.number);
    return place !== undefined && others.length === 0 && isAlone ? [[position, place]] : [];
  });
}

function hasMore(card: Fields, one: Fields | undefined, other: Fields | undefined): boolean {
  const [more, less] = [equalFields(card, one), equalFields(card, other)];
  return more.length > less.length && less.every((field) => more.includes(field));
}

function equalFields(card: Fields, other: Fields | undefined): string[] {
  return fields.filter((field) => card[field] === other?.[field]);
}

function isTwin(one: GivenCard, other: GivenCard): boolean {
  return one.number === other.number && equalFields(one, other).length === fields.length;
}
