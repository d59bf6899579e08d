export { canonicalId, type Precondition } from '@storefront/wire';
export { Address } from './address';
export { AddressType } from './address-type';
export { AggregateId } from './aggregate-id';
export { Contact } from './contact';
export { CreditCard } from './credit-card';
export { CreditCardType } from './credit-card-type';
export { johnDoe } from './customer.example';
export { CustomerChange } from './customer-change';
export { EventHeaders } from './event-headers';
export { eventTypes } from './event-types';
export { FulfillmentRequest, OrderContents } from './fulfillment-request';
export { boundedList, eventList, EventText, mostCharacters, mostElements } from './limits';
export { Name } from './name';
export { OrderItem, Quantity } from './order-item';
export { OrderStatusChange } from './order-status-change';
export { EpochMs, OrderStatusEvent } from './order-status-event';
export { OrderStatusType } from './order-status-type';
export { PathSafeId, reservedIds } from './path-safe-id';
export { Product } from './product';
export { ShippingMethod } from './shipping-method';
export {
  allowedMoves,
  isFulfillable,
  mayComeTo,
  mostHolds,
  mostStatuses,
  statusMachine,
  type Move,
  type OrderStage,
} from './status-machine';
export { allTopics, consumedBy, customerChanges, fulfillmentRequests, orderStatusChanges } from './topics';
