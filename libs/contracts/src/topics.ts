import { AggregateId } from './aggregate-id';
import { CustomerChange } from './customer-change';
import { eventTypes } from './event-types';
import { FulfillmentRequest } from './fulfillment-request';
import { OrderStatusChange } from './order-status-change';

const forever = { 'cleanup.policy': 'delete', 'retention.ms': '-1' };
const thirtyDays = { 'cleanup.policy': 'delete', 'retention.ms': String(30 * 24 * 60 * 60 * 1000) };

export const customerChanges = {
  name: 'accounts.customer.change',
  description:
    'Every event is the whole customer: a later one makes an earlier one needless. A deleted customer is a tombstone.',
  ordering: 'state',
  source: '/accounts',
  types: [eventTypes.customerChanged, eventTypes.customerDeleted],
  tombstones: true,
  schema: CustomerChange,
  aggregateId: (value: unknown) => text(member(value, 'id')),
  partitions: 3,
  configEntries: forever,
} as const;

export const fulfillmentRequests = {
  name: 'orders.order.fulfill',
  description:
    'One event an order: the first one makes the fulfillment, another one of the same order is the same request again.',
  ordering: 'creation',
  source: '/orders',
  types: [eventTypes.fulfillmentRequested],
  tombstones: false,
  schema: FulfillmentRequest,
  aggregateId: (value: unknown) => text(member(member(value, 'order'), 'guid')),
  partitions: 3,
  configEntries: thirtyDays,
} as const;

export const orderStatusChanges = {
  name: 'fulfillment.order.change',
  description: 'Every event is one step of an order: all of them are needed, in order.',
  ordering: 'delta',
  source: '/fulfillment',
  types: [eventTypes.orderStatusChanged],
  tombstones: false,
  schema: OrderStatusChange,
  aggregateId: (value: unknown) => text(member(value, 'guid')),
  partitions: 3,
  configEntries: thirtyDays,
} as const;

/** All there are. */
export const allTopics = [customerChanges, fulfillmentRequests, orderStatusChanges] as const;

/** Which service reads what: its consumer group has its name. */
export const consumedBy = {
  accounts: [],
  orders: [customerChanges, orderStatusChanges],
  fulfillment: [fulfillmentRequests],
} as const;

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  const id = AggregateId.safeParse(value);
  return id.success ? id.data : undefined;
}
