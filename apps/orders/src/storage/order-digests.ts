import { fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import type { Digest, Stored } from '@storefront/messaging';
import { type OrderDocument, toOrder } from './order-document';
import { orderModel } from './order.schema';

const notComparable = { version: 0, content: null, foreign: true };

/** What Fulfillment was asked to deliver: once an order. */
export const fulfillmentRequestDigest: Digest = {
  topic: fulfillmentRequests,
  role: 'owner',
  collection: orderModel.collection,
  read(stored, { eventVersion }) {
    if (stored.deleted) return { version: 1, content: null, deleted: true };
    const order = toOrder(stored as Stored<OrderDocument>);
    const isRequested = order.state.fulfillmentRequested || !('fulfillmentRequested' in stored.state);
    if (!isRequested) return undefined;
    const request = eventVersion === undefined ? undefined : order.requestAgain();
    // a sample order with a past, or one of an original service: what was asked for is not known
    return request ? { version: 1, content: request } : notComparable;
  },
};

/** How far an order is, as Fulfillment has reported it. */
export const statusHistoryDigest: Digest = {
  topic: orderStatusChanges,
  role: 'replica',
  collection: orderModel.collection,
  read(stored, { eventVersion }) {
    if (stored.deleted) return { version: 0, content: null, deleted: true };
    const { state } = toOrder(stored as Stored<OrderDocument>);
    if (eventVersion === undefined && !state.fulfillmentVersion) return notComparable;
    const { status, orderStatusEvents, sentRequest: request } = state;
    const begin = request?.orderStatusEvents.length ?? orderStatusEvents.findLastIndex(isApproval) + 1;
    return { version: state.fulfillmentVersion, content: { status, reported: orderStatusEvents.slice(begin) } };
  },
};

function isApproval({ orderStatusType }: { orderStatusType: string }): boolean {
  return orderStatusType === 'APPROVED';
}
