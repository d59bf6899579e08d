import type { FulfillmentRequest, OrderItem, OrderStatusEvent, OrderStatusType } from '@storefront/contracts';

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
  /** What Fulfillment was told besides the items, which never change: kept so that it can be told the very same again. */
  readonly sentRequest?: SentRequest;
  /** Made by the sample-data URLs, which replace only what they made. */
  readonly sample?: true;
}

export type SentRequest = Omit<FulfillmentRequest, 'order'> & {
  readonly orderStatusEvents: readonly OrderStatusEvent[];
};
