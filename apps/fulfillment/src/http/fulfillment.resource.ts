import {
  Address,
  Contact,
  EpochMs,
  Name,
  OrderContents,
  OrderItem,
  OrderStatusEvent,
  Product,
  ShippingMethod,
} from '@storefront/contracts';
import { type HalItem, halItem, type ResourceProfile } from '@storefront/hal';
import { z } from 'zod';
import type { Fulfillment } from '../domain/fulfillment';

export const rels = { item: 'fulfillment', collection: 'fulfillments' } as const;

/** A fulfillment as it is sent, without `_links`. An original service may have left any of it empty. */
export const FulfillmentRepresentation = z.object({
  timestamp: EpochMs.nullable(),
  name: Name.nullable(),
  contact: Contact.nullable(),
  address: Address.nullable(),
  order: OrderContents.nullable(),
  shippingMethod: ShippingMethod.nullable(),
});
export type FulfillmentRepresentation = z.infer<typeof FulfillmentRepresentation>;

export const fulfillmentProfile: ResourceProfile = {
  ...rels,
  schema: FulfillmentRepresentation,
  definitions: {
    address: Address,
    contact: Contact,
    name: Name,
    order: OrderContents,
    orderItem: OrderItem,
    orderStatusEvent: OrderStatusEvent,
    product: Product,
  },
  operations: [],
};

/** What `sort` takes. */
export const sortable = [
  'id',
  'timestamp',
  'shippingMethod',
  'order.guid',
  ...Object.keys(Name.shape).map((field) => `name.${field}`),
  ...Object.keys(Contact.shape).map((field) => `contact.${field}`),
  ...Object.keys(Address.shape).map((field) => `address.${field}`),
];

/** A fulfillment, with links to what can be done with it now. */
export function fulfillmentResource(fulfillment: Fulfillment): HalItem {
  const path = `/fulfillments/${encodeURIComponent(fulfillment.id)}`;
  const commands = fulfillment.possibleCommands().map((command) => [command, `${path}/${command}`] as const);
  return halItem({
    rel: rels.item,
    path,
    content: fulfillment.details,
    version: fulfillment.version,
    links: Object.fromEntries(commands),
  });
}
