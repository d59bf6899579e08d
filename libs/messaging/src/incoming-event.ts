import { cut } from './cut';

/** Where a record stands. `offset` is decimal text, `timestamp` the record's own in epoch ms. */
export interface RecordOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: number;
}

/** One decoded and checked record. */
export interface IncomingEvent<T> {
  /** The aggregate's id: the record's key, or taken out of the value where the producer sent none. */
  readonly id: string;
  /** null: the aggregate was deleted. */
  readonly value: T | null;
  readonly type: string | undefined;
  /** undefined: a record of a producer that does not version, such as the original services. */
  readonly version: number | undefined;
  /** Version of the aggregate's event before this one on this topic, 0 for the first (R10). */
  readonly previousVersion: number | undefined;
  readonly eventId: string | undefined;
  readonly traceparent: string | undefined;
  readonly origin: RecordOrigin;
}

/** The event can never be applied as things stand: it waits in its lane, and on delta and creation topics what follows waits behind it. */
export class Unappliable {
  /** At most 300 characters. */
  readonly reason: string;

  constructor(
    reason: string,
    /** Of the error that the handler threw. */
    readonly stack?: string,
  ) {
    this.reason = cut(reason);
  }
}

/**
 * The event of a delta topic, which has no version, is there before another one that it follows: it waits in its lane, and events
 * behind it in the lane are tried before it.
 */
export class TooEarly extends Unappliable {}

/**
 * What a handler did with an event: `duplicate` was applied before, `ignored` is dropped on purpose. Every outcome is counted.
 */
export type Outcome = 'applied' | 'duplicate' | 'ignored' | Unappliable;
