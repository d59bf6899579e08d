import type { Stored } from '@storefront/messaging';
import { Customer, type CustomerDetails } from '../domain/customer';

/** A customer's own part of his document. An original service leaves out what is null. */
export interface CustomerDocument {
  name?: Partial<CustomerDetails['name']> | null;
  contact?: Partial<CustomerDetails['contact']> | null;
  addresses?: Partial<CustomerDetails['addresses'][number]>[] | null;
  creditCards?: Partial<NonNullable<CustomerDetails['creditCards']>[number]>[] | null;
  /** Which sample customer it is; absent where a client made it. */
  sample?: string;
}

const noName = { title: null, firstName: null, middleName: null, lastName: null, suffix: null };
const noContact = { primaryPhone: null, secondaryPhone: null, email: null };
const noAddress = {
  type: null,
  description: null,
  address1: null,
  address2: null,
  city: null,
  state: null,
  postalCode: null,
};
const noCard = { type: null, description: null, number: null, expiration: null, nameOnCard: null };

export function toCustomer({ id, version, state }: Stored<CustomerDocument>): Customer {
  const details = {
    name: { ...noName, ...state.name },
    contact: { ...noContact, ...state.contact },
    addresses: (state.addresses ?? []).map((address) => ({ ...noAddress, ...address })),
    creditCards: state.creditCards?.map((card) => ({ ...noCard, ...card })) ?? null,
  };
  return new Customer(id, version, details, state.sample);
}

export function toDocument({ details, sample }: Customer): CustomerDocument {
  return {
    name: details.name,
    contact: details.contact,
    addresses: [...details.addresses],
    creditCards: details.creditCards && [...details.creditCards],
    ...(sample !== undefined && { sample }),
  };
}
