import type { OrderStatusType } from '@storefront/contracts';

export class FulfillmentAlreadyRequested extends Error {
  readonly kind = 'conflict' as const;
  readonly details: { from: string; to: string; allowed: readonly string[] };

  constructor(guid: string, status: OrderStatusType) {
    super(`The fulfillment of order ${guid} was requested already; it is requested once.`);
    this.name = 'FulfillmentAlreadyRequested';
    this.details = { from: status, to: 'FULFILLMENT_REQUESTED', allowed: [] };
  }
}
