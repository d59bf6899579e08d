import type { OrderStage, OrderStatusType } from '@storefront/contracts';

export interface RefusedMove {
  readonly from: OrderStatusType;
  readonly to: OrderStatusType | OrderStage;
  /** What Orders may still decide about this order. */
  readonly allowed: readonly OrderStatusType[];
  readonly fulfillmentDecides: boolean;
}

/** The status machine has no such move for Orders: nothing was changed. */
export class OrderMoveRefused extends Error {
  readonly kind = 'conflict' as const;
  readonly details: { from: string; to: string; allowed: readonly string[] };

  constructor(guid: string, move: RefusedMove) {
    super(`Order ${guid} is ${move.from} and cannot become ${move.to}. ${whatCan(move)}`);
    this.name = 'OrderMoveRefused';
    this.details = { from: move.from, to: move.to, allowed: move.allowed };
  }
}

function whatCan({ allowed, fulfillmentDecides }: RefusedMove): string {
  if (fulfillmentDecides) return 'Its fulfillment was requested: the Fulfillment service decides what becomes of it.';
  return allowed.length > 0 ? `It can become ${allowed.join(' or ')}.` : 'No other status can follow.';
}
