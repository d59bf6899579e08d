import { type HalItem, halItem } from '@storefront/hal';
import type { Customer } from '../domain/customer';

export const rels = { item: 'customer', collection: 'customers' } as const;

/** Of a deleted customer there is only the version. */
export function deletedCustomer(id: string, version: number): HalItem {
  return halItem({ rel: rels.item, path: pathOf(id), content: {}, version });
}

/** A customer with his links; no `id` among the members, and card numbers masked. */
export function customerResource(customer: Customer): HalItem {
  return halItem({
    rel: rels.item,
    path: pathOf(customer.id),
    content: customer.shown,
    version: customer.version,
  });
}

function pathOf(id: string): string {
  return `/customers/${encodeURIComponent(id)}`;
}
