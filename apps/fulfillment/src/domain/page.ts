/** Which part of a collection, in which order. Pages count from 0. */
export interface PageRequest {
  readonly page: number;
  readonly size: number;
  readonly sort: readonly Sorting[];
}

export interface Sorting {
  /** A field, nested ones with dots: `name.lastName`. */
  readonly property: string;
  readonly direction: 'asc' | 'desc';
}

export interface Page<T> {
  /** The elements in groups, which are read while they are taken; they can be taken once. */
  readonly groups: AsyncIterable<readonly T[]>;
  /** How many all pages have together. */
  readonly totalElements: () => Promise<number>;
}
