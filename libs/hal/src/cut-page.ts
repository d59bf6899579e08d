import type { PageRequest } from './page-request';

export interface Cut {
  /** How many of the elements that fit are sent. */
  readonly returned: number;
  /** The page behind them, in its own numbers. */
  readonly next: { readonly page: number; readonly size: number };
}

/**
 * Where a page ends of whose elements only the first `fitting` fit, and which page is behind: pages begin at multiples of
 * their size, so the next one has a smaller size, of which the number of elements before it is a multiple. Of the sizes from
 * half of `fitting` on it takes the one that leaves out the fewest of the elements that fit; the largest of those. `fitting`
 * is 1 at least.
 */
export function cutAfter({ page, size }: Pick<PageRequest, 'page' | 'size'>, fitting: number): Cut {
  const end = page * size + fitting;
  let best = fitting;
  for (let candidate = fitting; candidate >= fitting / 2; candidate--) {
    if (end % candidate < end % best) best = candidate;
  }
  const leftOut = end % best;
  return { returned: fitting - leftOut, next: { page: (end - leftOut) / best, size: best } };
}
