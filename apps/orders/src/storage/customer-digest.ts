import { customerChanges } from '@storefront/contracts';
import type { Digest } from '@storefront/messaging';
import { customerModel } from './customer.schema';
import type { CustomerDocument } from './mongo-customers';

/** The replica of the customers. */
export const customerDigest: Digest = {
  topic: customerChanges,
  role: 'replica',
  collection: customerModel.collection,
  read({ version, deleted, state }) {
    // only an Accounts that sends no versions has told of it
    const foreign = version === 0 && 'unversioned' in state;
    if (deleted) return { version, deleted, foreign, content: null };
    const { name, contact, addresses } = state as CustomerDocument;
    return { version, foreign, content: { name, contact, addresses } };
  },
};
