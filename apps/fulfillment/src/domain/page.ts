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
  readonly items: readonly T[];
  readonly totalElements: number;
}
