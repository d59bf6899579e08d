import {
  Address,
  Contact,
  CustomerChange,
  Name,
  OrderContents,
  OrderItem,
  OrderStatusEvent,
  Product,
} from '@storefront/contracts';
import { type HalItem, halItem, type ResourceProfile, tagOfAll } from '@storefront/hal';
import { z } from 'zod';
import type { CustomerOrders, FirstOrders } from '../domain/customer-orders';
import type { Order } from '../domain/order';
import { ordersPath } from './order.resource';

export const rels = { item: 'customerOrders', collection: 'customerOrderses', orders: 'orders', more: 'more' } as const;

/** How many orders a customer is shown with; the others are a link away. */
export const ordersShown = 20;

/** A customer with the first orders he placed, as they are sent, without `_links`. */
export const CustomerOrdersRepresentation = CustomerChange.omit({ id: true }).extend({
  orders: z.array(OrderContents),
});
export type CustomerOrdersRepresentation = z.infer<typeof CustomerOrdersRepresentation>;

export const customerOrdersProfile: ResourceProfile = {
  item: rels.item,
  collection: rels.collection,
  schema: CustomerOrdersRepresentation,
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
  ...Object.keys(Name.shape).map((field) => `name.${field}`),
  ...Object.keys(Contact.shape).map((field) => `contact.${field}`),
];

/** Where the orders behind the first ones are: a page that begins with the next one. */
export function moreOrdersPath(customerId: string, { orders }: FirstOrders): string {
  return `${ordersPath(customerId)}?page=1&size=${orders.length}`;
}

/** `orders` leads to all of them in pages, and is where one is placed; `more` is there while not all are shown. */
export function customerOrdersResource(shown: CustomerOrders): HalItem {
  const { customer, version, orders, hasMore } = shown;
  const { id, name, contact, addresses } = customer;
  const all = ordersPath(id);
  return halItem({
    rel: rels.item,
    path: `/customerOrderses/${encodeURIComponent(id)}`,
    content: { name, contact, addresses, orders: orders.map(shownOrder) },
    tag: tagOfAll([version, hasMore, ...orders.map((order) => `${order.guid}:${order.version}`)]),
    links: {
      [rels.orders]: `${all}{?page,size,sort}`,
      ...(hasMore && { [rels.more]: moreOrdersPath(id, shown) }),
    },
  });
}

export function shownOrder({ guid, state: { orderStatusEvents, orderItems } }: Order): object {
  return { guid, orderStatusEvents, orderItems };
}
