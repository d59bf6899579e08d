export interface Sort {
  /** JSON name of a property, dotted for nested ones: `name.lastName`. */
  property: string;
  direction: 'asc' | 'desc';
}

export interface PageRequest {
  /** Zero-based. */
  page: number;
  /** 1 to 1000. */
  size: number;
  sort: Sort[];
}

type Query = Readonly<Record<string, string | string[] | undefined>>;

const defaultSize = 20;
const maxSize = 1000;
const maxInteger = 2 ** 31 - 1;

/**
 * Reads `page`, `size` and `sort` as Spring Data REST does: odd values fall back to the defaults (page 0, size 20, at most
 * 1000), nothing is refused. `ignorecase` at the end of a `sort` is read and changes nothing. Only the `sortable` properties are kept, each once; others are dropped without a word.
 */
export function pageRequest(query: unknown, sortable: readonly string[] = []): PageRequest {
  const parameters: Query = typeof query === 'object' && query !== null ? (query as Query) : {};
  const page = wholeNumber(parameters['page']) ?? 0;
  const size = wholeNumber(parameters['size']) ?? defaultSize;
  return {
    page: Math.max(page, 0),
    size: size < 1 ? defaultSize : Math.min(size, maxSize),
    sort: once(
      allOf(parameters['sort'])
        .flatMap(sortsOf)
        .filter(({ property }) => sortable.includes(property)),
    ),
  };
}

/** Of a property that is named again, the first place and the last direction. */
function once(sorts: readonly Sort[]): Sort[] {
  return [...new Map(sorts.map((sort) => [sort.property, sort])).values()];
}

function sortsOf(parameter: string): Sort[] {
  const properties = parameter.split(',').map((part) => part.trim());
  // the stores compare by code point: the embedded one knows no collation
  if (properties.at(-1)?.toLowerCase() === 'ignorecase') properties.pop();
  const last = properties.at(-1)?.toLowerCase();
  const direction = last === 'desc' ? 'desc' : 'asc';
  if (last === 'asc' || last === 'desc') properties.pop();
  return properties.filter((property) => property !== '').map((property) => ({ property, direction }));
}

function wholeNumber(parameter: string | string[] | undefined): number | undefined {
  const text = allOf(parameter)[0];
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) > maxInteger ? undefined : value;
}

function allOf(parameter: string | string[] | undefined): string[] {
  if (parameter === undefined) return [];
  return Array.isArray(parameter) ? parameter : [parameter];
}
