import type { PageRequest } from '../domain/page';

type SortDocument = Record<string, 'asc' | 'desc'>;

/** Names that the ids of customers and orders have outside the store. */
const ids = ['id', 'guid'];

/** What the client asked for, then `otherwise`, so that pages never overlap. */
export function sortBy(sort: PageRequest['sort'], otherwise: SortDocument): SortDocument {
  const asked = sort.map(({ property, direction }) => [ids.includes(property) ? '_id' : property, direction] as const);
  return {
    ...Object.fromEntries(asked),
    ...without(
      otherwise,
      asked.map(([path]) => path),
    ),
  };
}

function without(sort: SortDocument, paths: readonly string[]): SortDocument {
  return Object.fromEntries(Object.entries(sort).filter(([path]) => !paths.includes(path)));
}
