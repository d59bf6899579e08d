import { Address, Contact, CreditCard, Name } from '@storefront/contracts';
import { type HalItem, halItem, type ResourceProfile } from '@storefront/hal';
import { z } from 'zod';
import type { Customer } from '../domain/customer';

export const rels = { item: 'customer', collection: 'customers' } as const;

/** A customer as he is sent, without `_links`. Card numbers are masked. */
export const CustomerRepresentation = z.object({
  name: Name,
  contact: Contact,
  addresses: z.array(Address),
  creditCards: z.array(CreditCard).nullable(),
});
export type CustomerRepresentation = z.infer<typeof CustomerRepresentation>;

export const customerProfile: ResourceProfile = {
  ...rels,
  schema: CustomerRepresentation,
  definitions: { address: Address, contact: Contact, name: Name, creditCard: CreditCard },
  operations: ['create', 'update', 'delete', 'patch'],
};

/** What `sort` takes. */
export const sortable = [
  'id',
  ...Object.keys(Name.shape).map((field) => `name.${field}`),
  ...Object.keys(Contact.shape).map((field) => `contact.${field}`),
];

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
