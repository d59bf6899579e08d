export interface PageRequest {
  /** 0 is the first. */
  readonly page: number;
  readonly size: number;
  readonly sort: readonly { readonly property: string; readonly direction: 'asc' | 'desc' }[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** On all pages together. */
  readonly totalElements: number;
}
