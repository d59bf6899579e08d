import { eventTypes } from '@storefront/contracts';

/** The fact that a customer is gone: a tombstone, whose key says who. */
export const customerDeleted = { type: eventTypes.customerDeleted, value: null } as const;
