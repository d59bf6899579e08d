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
    const choice = allowed.length > 0 ? `only to ${allowed.join(', ')}` : 'nowhere from there';
    super(
      `The order cannot go from ${from ?? 'no status'} to ${to}, ${choice}${reason === undefined ? '' : `: ${reason}`}.`,
    );
    this.name = 'MoveNotAllowed';
    this.details = { from: from ?? null, to, allowed };
  }
}
