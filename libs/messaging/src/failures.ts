import { isMet, type Precondition } from '@storefront/wire';

/** The store holds no live aggregate of this id. */
export class AggregateNotFound extends Error {
  readonly kind = 'not-found' as const;
  constructor(readonly id: string) {
    super(`There is no ${id}.`);
    this.name = 'AggregateNotFound';
  }
}

/** The id is taken, by a live aggregate or by a deleted one. */
export class AggregateExists extends Error {
  readonly kind = 'conflict' as const;
  constructor(readonly id: string) {
    super(`The id ${id} is taken, by what exists or by what was deleted.`);
    this.name = 'AggregateExists';
  }
}

/** The caller expected another version than the stored one: nothing was written. */
export class VersionMismatch extends Error {
  readonly kind = 'precondition-failed' as const;
  /** The stored version; undefined where nothing is stored, or it was deleted. */
  readonly currentVersion: number | undefined;

  constructor(id: string, stored: number | undefined, expected: Precondition) {
    const isAt = stored === undefined ? `There is no ${id}` : `${id} is at version ${stored}`;
    super(`${isAt}, ${unmet(expected, stored)}.`);
    this.name = 'VersionMismatch';
    this.currentVersion = stored;
  }
}

/** The half of a precondition that was not met, in words. A version below 0 stands for a tag that no version has. */
function unmet({ anyOf, noneOf }: Precondition, stored: number | undefined): string {
  if (anyOf !== undefined && !isMet({ anyOf }, stored)) {
    if (anyOf === '*') return 'and it must exist';
    return `and version ${anyOf.filter((version) => version >= 0).join(' or ') || 'of another ETag'} was expected`;
  }
  return noneOf === '*' ? 'and it must not exist' : 'which the request excludes';
}

/** Others kept changing the aggregate until the retries ran out: nothing was written, the same call may succeed later. */
export class VersionConflict extends Error {
  readonly kind = 'conflict' as const;
  readonly retryAfterSeconds = 1;
  constructor(readonly id: string) {
    super(`${id} is being changed by others, try again.`);
    this.name = 'VersionConflict';
  }
}

/** The key of a request came before, with a request that said something else: nothing was written. */
export class KeyReused extends Error {
  readonly kind = 'unprocessable' as const;
  constructor() {
    super('This Idempotency-Key was used before, for a request with another body.');
    this.name = 'KeyReused';
  }
}

/**
 * More keyed requests for one aggregate within minutes than it remembers: the command is refused, nothing was written. After
 * `retryAfterSeconds`, at most 900, the oldest key may be forgotten.
 */
export class TooManyKeys extends Error {
  readonly kind = 'unavailable' as const;
  constructor(
    readonly limit: number,
    readonly retryAfterSeconds: number,
  ) {
    super(
      `${limit} requests with an Idempotency-Key changed this resource within the last minutes; more cannot be remembered.`,
    );
    this.name = 'TooManyKeys';
  }
}

/** The store could not be reached, or did not say what became of a write. */
export class StoreUnavailable extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 2;
  constructor(cause?: unknown) {
    super('The store is not available.', { cause });
    this.name = 'StoreUnavailable';
  }
}

/** Too many of the aggregate's events wait for Kafka: the command is refused, nothing was written. */
export class OutboxFull extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 5;
  constructor(readonly id: string) {
    super(`Too many events of ${id} wait to be published.`);
    this.name = 'OutboxFull';
  }
}

/** The event is none that its topic may carry, a fault of the program: the command is refused, nothing was written. */
export class EventNotOfTopic extends Error {
  constructor(
    readonly id: string,
    readonly topic: string,
    reason: string,
  ) {
    super(`${id} has an event that does not belong on ${topic}: ${reason}.`);
    this.name = 'EventNotOfTopic';
  }
}

/** The state has a field that would be lost, a fault of the program: the command is refused, nothing was written. */
export class FieldNotStorable extends Error {
  constructor(
    readonly id: string,
    readonly field: string,
    reason: string,
  ) {
    super(`The state of ${id} cannot have a field ${JSON.stringify(field)}: ${reason}.`);
    this.name = 'FieldNotStorable';
  }
}

/** The event would not fit a Kafka message: the command is refused, nothing was written. */
export class EventTooLarge extends Error {
  readonly kind = 'too-large' as const;
  constructor(
    readonly id: string,
    readonly bytes: number,
    readonly limitBytes: number,
  ) {
    super(`The event of ${id} has ${bytes} bytes, more than the ${limitBytes} that can be published.`);
    this.name = 'EventTooLarge';
  }
}
