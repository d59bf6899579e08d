import type { NewEvent } from './outbox-entry';

/** An event that was published before, as its owner makes it again from the state. */
export interface PastEvent<Type extends string = string> extends NewEvent<Type> {
  readonly version: number;
  readonly previousVersion: number;
  /** ISO 8601; without it the time of the aggregate's newest event. */
  readonly occurredAt?: string;
}
