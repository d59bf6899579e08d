import type { OrderItem, OrderStatusEvent, OrderStatusType } from '@storefront/contracts';

/** An order as it is stored. Timestamps are epoch milliseconds. */
export interface OrderState {
  readonly customerId: string;
  readonly placedAt: number;
  /** The last one of `orderStatusEvents`. */
  readonly status: OrderStatusType;
  readonly orderStatusEvents: readonly OrderStatusEvent[];
  readonly orderItems: readonly OrderItem[];
  /** From then on only Fulfillment decides. It is requested once. */
  readonly fulfillmentRequested: boolean;
  /** Version of the newest event of Fulfillment that is in this order; 0 before the first one. */
  readonly fulfillmentVersion: number;
  /** Made by the sample-data URLs, which replace only what they made. */
  readonly sample?: true;
}
