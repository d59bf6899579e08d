import type { Link } from './links';
import type { Entry } from './service-client';

/**
 * How a copy differs from its owner. `missing`: not there. `stale`: an older version. `ahead`: a version that the owner does not
 * have (yet). `different`: the same version with other content. `extra`: the owner has nothing of that id.
 */
export type Difference = 'missing' | 'stale' | 'ahead' | 'different' | 'extra';

type Ordering = Pick<Link, 'ordering'>;

/** undefined: alike, or not to be compared. */
export function differenceOf(
  { ordering }: Ordering,
  owner: Entry | undefined,
  replica: Entry | undefined,
): Difference | undefined {
  if (isNotComparable(ordering, owner, replica)) return undefined;
  if (!owner) return replica && saysSomething(ordering, replica) ? 'extra' : undefined;
  if (!replica) return saysSomething(ordering, owner) ? 'missing' : undefined;
  if (replica.version !== owner.version) return replica.version < owner.version ? 'stale' : 'ahead';
  const isAlike = replica.hash === owner.hash && replica.deleted === owner.deleted;
  return isAlike ? undefined : 'different';
}

/** Kept by another program; or an order that was deleted, of which nobody hears any more. */
function isNotComparable(ordering: Link['ordering'], owner?: Entry, replica?: Entry): boolean {
  if (owner?.foreign) return true;
  if (ordering === 'state') return owner === undefined && replica?.foreign === true;
  return [owner, replica].some((entry) => entry?.deleted === true) || replica?.foreign === true;
}

/** A fulfillment that has not moved has reported nothing. */
function saysSomething(ordering: Link['ordering'], entry: Entry): boolean {
  return ordering !== 'delta' || entry.version > 0;
}
