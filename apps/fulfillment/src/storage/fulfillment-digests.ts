import { fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import type { Digest } from '@storefront/messaging';
import type { Fulfillment } from '../domain/fulfillment';
import { toFulfillment } from './fulfillment-document';
import { fulfillmentModel } from './fulfillment.schema';

/** What was asked for: one fulfillment an order. */
export const fulfillmentRequestDigest: Digest = {
  topic: fulfillmentRequests,
  role: 'replica',
  collection: fulfillmentModel.collection,
  read(stored) {
    const fulfillment = toFulfillment(stored);
    if (!fulfillment.isOfOurs) return undefined;
    const { timestamp, name, contact, address, order } = fulfillment.details;
    const asked = { ...order, orderStatusEvents: fulfillment.historyBefore };
    return { ...others(fulfillment), version: 1, content: { timestamp, name, contact, address, order: asked } };
  },
};

/** What happened to it here since. */
export const statusHistoryDigest: Digest = {
  topic: orderStatusChanges,
  role: 'owner',
  collection: fulfillmentModel.collection,
  read(stored, { eventVersion = 0 }) {
    const fulfillment = toFulfillment(stored);
    if (!fulfillment.isOfOurs) return undefined;
    return {
      ...others(fulfillment),
      version: eventVersion,
      content: { status: fulfillment.status, reported: fulfillment.historyHere },
    };
  },
};

/** What was asked for by another program is not compared. */
function others({ asked }: Fulfillment): { foreign?: true } {
  return asked === 'elsewhere' ? { foreign: true } : {};
}
