import type { Address, CustomerChange } from '@storefront/contracts';

/** A customer as Accounts reported it last. */
export type Customer = CustomerChange;

/** Where orders go; undefined when the customer gave no SHIPPING address. */
export function shippingAddressOf(customer: Customer): Address | undefined {
  return customer.addresses.find((address) => address.type === 'SHIPPING');
}
