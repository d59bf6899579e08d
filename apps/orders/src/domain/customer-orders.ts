import type { Customer } from './customer';
import type { Order } from './order';

/** A customer as Accounts reported him at a version; 0 where it sends none. */
export interface VersionedCustomer {
  readonly customer: Customer;
  readonly version: number;
}

/** The first orders that a customer placed, and whether there are more. */
export interface FirstOrders {
  readonly orders: readonly Order[];
  readonly hasMore: boolean;
}

/** A customer with the first orders. */
export interface CustomerOrders extends VersionedCustomer, FirstOrders {}
