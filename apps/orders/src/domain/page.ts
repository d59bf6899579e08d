export interface PageRequest {
  /** 0 is the first. */
  readonly page: number;
  readonly size: number;
  readonly sort: readonly { readonly property: string; readonly direction: 'asc' | 'desc' }[];
}

export interface Page<T> {
  /** The elements in groups, which are read while they are taken; they can be taken once. */
  readonly groups: AsyncIterable<readonly T[]>;
  /** How many all pages have together. */
  readonly totalElements: () => Promise<number>;
}
