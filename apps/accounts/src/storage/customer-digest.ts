import { CustomerChange, customerChanges } from '@storefront/contracts';
import type { Digest } from '@storefront/messaging';
import { CardVault } from '../domain/card-vault';
import { customerChanged } from '../domain/customer-changed';
import { toCustomer } from './customer-document';
import { customerModel } from './customer.schema';

/** Digests are made of events, which have no cards. */
const withoutKeys = new CardVault();

/** Who the customers are, as far as others have a copy of it. */
export const customerDigest: Digest = {
  topic: customerChanges,
  role: 'owner',
  collection: customerModel.collection,
  read(stored) {
    const { version, deleted } = stored;
    if (deleted) return { version, deleted, content: null };
    const { value } = customerChanged(toCustomer(stored, withoutKeys));
    // as a copy takes it from the event: without what an original service may have stored besides
    const { id: _, ...content } = CustomerChange.safeParse(value).data ?? value;
    return { version, content };
  },
};
