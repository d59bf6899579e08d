import type { mongo } from 'mongoose';

/** What a client sends of a customer. */
export interface Details {
  name: object;
  contact: object;
  addresses: object[];
  creditCards: object[] | null;
}

export interface Entry {
  version: number;
  id: string;
  value: string;
  occurredAt: string;
}

/** The document that the storefront's Accounts would write. */
export interface Customer extends Details {
  _id: mongo.ObjectId;
  version: number;
  outbox: Entry[];
  outboxSince?: number;
  recentEventIds: string[];
}
