import { randomInt, randomUUID } from 'node:crypto';
import type { OrderItem, OrderStatusType, Product } from '@storefront/contracts';
import { Order } from './order';
import type { OrderState } from './order-state';
import { productCatalogue } from './product-catalogue';

type Step = OrderStatusType | readonly [status: OrderStatusType, note: string];

const histories: readonly (readonly Step[])[] = [
  ['CREATED', ['REJECTED', 'Primary credit card expired']],
  ['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED'],
  ['CREATED', 'APPROVED', 'PROCESSING', ['ON_HOLD', 'Items out of stock'], ['CANCELLED', 'Ordered alternative items']],
  [
    'CREATED',
    'APPROVED',
    'PROCESSING',
    'SHIPPED',
    'IN_TRANSIT',
    'RECEIVED',
    ['RETURNED', 'Items damaged during shipping'],
  ],
  ['CREATED', 'APPROVED'],
];

/** Five orders of a customer, up to the moment `at`: four with a past, and one that waits for its fulfillment. */
export function sampleOrdersOf(customerId: string, at: number): Order[] {
  // a millisecond apart, so that they stay in this order
  return histories.map((history, index) => sampleOrder(customerId, history, at - histories.length + 1 + index));
}

function sampleOrder(customerId: string, history: readonly Step[], at: number): Order {
  const orderStatusEvents = history.map((step) => {
    const [orderStatusType, note = null] = typeof step === 'string' ? [step] : step;
    return { timestamp: at, orderStatusType, note };
  });
  const state: OrderState = {
    customerId,
    placedAt: at,
    status: orderStatusEvents.at(-1)?.orderStatusType ?? 'CREATED',
    orderStatusEvents,
    orderItems: randomItems(),
    // Fulfillment never heard of the orders with a past: as requested ones, nobody can move them
    fulfillmentRequested: history.includes('PROCESSING'),
    fulfillmentVersion: 0,
    sample: true,
  };
  return new Order(randomUUID(), state);
}

function randomItems(): OrderItem[] {
  return Array.from({ length: randomInt(1, 5) }, () => ({ product: randomProduct(), quantity: randomInt(1, 6) }));
}

function randomProduct(): Product {
  const product = productCatalogue[randomInt(productCatalogue.length)];
  if (!product) throw new Error('The catalogue is empty.');
  return product;
}
