import type { Customer } from './customer';
import type { Order } from './order';

/** A customer as Accounts reported him at a version; 0 where it sends none. */
export interface VersionedCustomer {
  readonly customer: Customer;
  readonly version: number;
}

/** A customer with the first orders he placed, and whether he has placed more. */
export interface CustomerOrders extends VersionedCustomer {
  readonly orders: readonly Order[];
  readonly hasMore: boolean;
}
