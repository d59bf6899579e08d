import type { OrderStatusType } from '@storefront/contracts';
import type { Customer } from '../src/domain/customer';
import { Order } from '../src/domain/order';
import type { OrderState } from '../src/domain/order-state';

/** An order with this history, one status every ten milliseconds from 1000 on. */
export function anOrder(history: readonly OrderStatusType[], more: Partial<OrderState> = {}): Order {
  const orderStatusEvents = history.map((orderStatusType, index) => ({
    timestamp: 1000 + 10 * index,
    orderStatusType,
    note: null,
  }));
  return new Order(
    '0e8b3d3f-8d56-4ed5-8d6f-3f2f4d2b9a10',
    {
      customerId: 'ada',
      placedAt: 1000,
      status: history.at(-1) ?? 'CREATED',
      orderStatusEvents,
      orderItems: [{ product: { guid: 'g', title: 't', description: 'd', price: 1.99 }, quantity: 2 }],
      fulfillmentRequested: false,
      fulfillmentVersion: 0,
      ...more,
    },
    7,
  );
}

export function aCustomer(more: Partial<Customer> = {}): Customer {
  const address = { description: null, address1: '1', address2: null, city: 'c', state: 's', postalCode: 'p' };
  return {
    id: 'ada',
    name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: 'Byron', suffix: null },
    contact: { primaryPhone: '555-1', secondaryPhone: null, email: 'ada@example.org' },
    addresses: [
      { type: 'BILLING', ...address },
      { type: 'SHIPPING', ...address },
    ],
    ...more,
  };
}

/** One order for every place it can stand in, APPROVED and ON_HOLD being two places each. */
export const orderAt = {
  CREATED: anOrder(['CREATED']),
  'ON_HOLD before approval': anOrder(['CREATED', 'ON_HOLD']),
  APPROVED: anOrder(['CREATED', 'APPROVED']),
  'APPROVED and requested': anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true }),
  PROCESSING: requested('PROCESSING'),
  'ON_HOLD after processing': requested('PROCESSING', 'ON_HOLD'),
  SHIPPED: requested('PROCESSING', 'SHIPPED'),
  IN_TRANSIT: requested('PROCESSING', 'SHIPPED', 'IN_TRANSIT'),
  RECEIVED: requested('PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED'),
  RETURNED: requested('PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED', 'RETURNED'),
  REJECTED: anOrder(['CREATED', 'REJECTED']),
  'CANCELLED by Orders': anOrder(['CREATED', 'CANCELLED']),
  'CANCELLED by Fulfillment': requested('CANCELLED'),
} as const;
export type Place = keyof typeof orderAt;

export const places = Object.keys(orderAt) as Place[];

function requested(...statuses: OrderStatusType[]): Order {
  return anOrder(['CREATED', 'APPROVED', ...statuses], {
    fulfillmentRequested: true,
    fulfillmentVersion: statuses.length + 1,
  });
}
