import type { Stored } from '@storefront/messaging';
import type { CardVault } from '../domain/card-vault';
import { Customer, type KeptDetails } from '../domain/customer';
import type { KeptCard, KeptNumber } from '../domain/kept-card';

/** A card in a document. Only one that an original service or an earlier version wrote has its number in clear. */
export interface CardDocument extends Partial<Omit<KeptCard, 'number'>>, Partial<KeptNumber> {
  readonly number?: string | null;
}

/** A customer's own part of his document. An original service leaves out what is null. */
export interface CustomerDocument {
  name?: Partial<KeptDetails['name']> | null;
  contact?: Partial<KeptDetails['contact']> | null;
  addresses?: Partial<KeptDetails['addresses'][number]>[] | null;
  creditCards?: CardDocument[] | null;
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

/** The customer of a document; what is to be kept of a number in clear is told by the vault. */
export function toCustomer({ id, version, state }: Stored<CustomerDocument>, vault: CardVault): Customer {
  const details = {
    name: { ...noName, ...state.name },
    contact: { ...noContact, ...state.contact },
    addresses: (state.addresses ?? []).map((address) => ({ ...noAddress, ...address })),
    creditCards: state.creditCards?.map((card) => keptCard(card, id, vault)) ?? null,
  };
  return new Customer(id, version, details, state.sample);
}

export function toDocument({ details, sample }: Customer): CustomerDocument {
  return {
    name: details.name,
    contact: details.contact,
    addresses: [...details.addresses],
    creditCards: details.creditCards?.map(({ number, ...card }) => ({ ...card, ...number })) ?? null,
    ...(sample !== undefined && { sample }),
  };
}

function keptCard(card: CardDocument, customerId: string, vault: CardVault): KeptCard {
  const { type = null, description = null, expiration = null, nameOnCard = null } = card;
  return { type, description, number: keptNumber(card, customerId, vault), expiration, nameOnCard };
}

function keptNumber(card: CardDocument, customerId: string, vault: CardVault): KeptNumber | null {
  const { number, last4, brand = null, hash, sealed } = card;
  if (typeof number === 'string') return vault.keep(number, customerId);
  if (last4 === undefined) return null;
  const kept = { last4, brand, ...(hash !== undefined && { hash }), ...(sealed !== undefined && { sealed }) };
  return vault.renewed(kept, customerId);
}
