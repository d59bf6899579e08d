import { type HalItem, halItem } from '@storefront/hal';
import type { Fulfillment } from '../domain/fulfillment';

export const rels = { item: 'fulfillment', collection: 'fulfillments' } as const;

export function fulfillmentResource(fulfillment: Fulfillment): HalItem {
  return halItem({
    rel: rels.item,
    path: `/fulfillments/${encodeURIComponent(fulfillment.id)}`,
    content: fulfillment.details,
    version: fulfillment.version,
  });
}
