import { eventTypes, type fulfillmentRequests, type Product } from '@storefront/contracts';
import {
  type AggregateDocument,
  type Decision,
  type EventTypeOf,
  type PastEvent,
  type Recollection,
  type Stored,
  storedFrom,
} from '@storefront/messaging';
import { Order } from '../domain/order';
import type { OrderState } from '../domain/order-state';

export type RequestEvent = EventTypeOf<typeof fulfillmentRequests>;

/** An order's own part of its document. The original service stored prices as text. */
export type OrderDocument = Omit<OrderState, 'orderItems'> & {
  readonly orderItems: readonly {
    readonly product: Omit<Product, 'price'> & { readonly price: number | string | null };
    readonly quantity: number;
  }[];
};

/** Takes an order's own part out of a document. */
export const noOrderFields: Readonly<Record<keyof OrderDocument, ''>> = {
  customerId: '',
  placedAt: '',
  status: '',
  orderStatusEvents: '',
  orderItems: '',
  fulfillmentRequested: '',
  fulfillmentVersion: '',
  sentRequest: '',
  sample: '',
};

/** An order's history only grows: how long it was is all that has to be kept of a former state. */
export const formerOrder: Recollection<OrderDocument, { events: number; requested: boolean }> = {
  note: ({ orderStatusEvents, fulfillmentRequested }) => ({
    events: orderStatusEvents.length,
    requested: fulfillmentRequested,
  }),
  restore({ events, requested }, { state, deleted }) {
    if (deleted) return undefined;
    const orderStatusEvents = state.orderStatusEvents.slice(0, events);
    const status = orderStatusEvents.at(-1)?.orderStatusType ?? state.status;
    return { ...state, orderStatusEvents, status, fulfillmentRequested: requested };
  },
};

/** What an order has to do with messages stays in the store. */
export const projection = { outbox: 0, recentEventIds: 0, idempotency: 0 } as const;

/** The order that was placed first is the first one. */
export const placedFirst = { placedAt: 'asc', _id: 'asc' } as const;

export function toOrderOf(document: AggregateDocument): Order {
  return toOrder(storedFrom<OrderDocument>(document));
}

export function toOrder({ id, version, state }: Stored<OrderDocument>): Order {
  const orderItems = state.orderItems.map(({ product, quantity }) => ({
    product: { ...product, price: product.price === null ? null : Number(product.price) },
    quantity,
  }));
  return new Order(id, { ...state, orderItems }, version);
}

/** The order, and what Fulfillment is to hear of it, for one write. */
export function toDecision({ state, fulfillmentRequest }: Order): Decision<OrderDocument, RequestEvent> {
  if (!fulfillmentRequest) return { state };
  return { state, event: { type: eventTypes.fulfillmentRequested, value: fulfillmentRequest } };
}

/** The request as it was sent, for publishing it again: the one event of an order. */
export function requestAgain(stored: Stored<OrderDocument>, version: number): PastEvent<RequestEvent>[] {
  const value = toOrder(stored).requestAgain();
  if (!value) return [];
  const occurredAt = new Date(value.timestamp).toISOString();
  return [{ type: eventTypes.fulfillmentRequested, value, version, previousVersion: 0, occurredAt }];
}
