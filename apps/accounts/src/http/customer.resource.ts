import { type HalItem, halItem } from '@storefront/hal';
import type { Customer } from '../domain/customer';

export const rels = { item: 'customer', collection: 'customers' } as const;

/** A customer with his links; no `id` among the members, and card numbers masked. */
export function customerResource(customer: Customer): HalItem {
  return halItem({
    rel: rels.item,
    path: `/customers/${encodeURIComponent(customer.id)}`,
    content: customer.shown,
    version: customer.version,
  });
}
