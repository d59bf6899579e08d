import { type CustomerChange, eventTypes } from '@storefront/contracts';
import type { Customer } from './customer';

/** The fact that a customer is now as he is; without his credit cards, which are nobody else's business. */
export function customerChanged({ id, details }: Customer) {
  const { name, contact, addresses } = details;
  const value: CustomerChange = { id, name, contact, addresses: [...addresses] };
  return { type: eventTypes.customerChanged, value };
}
