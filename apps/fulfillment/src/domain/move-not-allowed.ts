import type { OrderStatusType } from '@storefront/contracts';

/** The order cannot get to this status from where it is. Nothing was changed. */
export class MoveNotAllowed extends Error {
  readonly kind = 'conflict' as const;
  readonly details: { from: OrderStatusType | null; to: OrderStatusType; allowed: readonly OrderStatusType[] };

  constructor(
    from: OrderStatusType | undefined,
    to: OrderStatusType,
    { allowed, reason }: { allowed: readonly OrderStatusType[]; reason?: string | undefined },
  ) {
    const is = from === undefined ? 'The order has no status' : `The order is ${from}`;
    const why = reason === undefined ? '.' : `: ${reason}.`;
    const choice = allowed.length > 0 ? `It can become ${allowed.join(' or ')}.` : 'No other status can follow.';
    super(`${is} and cannot become ${to}${why} ${choice}`);
    this.name = 'MoveNotAllowed';
    this.details = { from: from ?? null, to, allowed };
  }
}
