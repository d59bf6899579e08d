/** Nothing is parked under this name: it may have been redriven meanwhile. */
export class NotParked extends Error {
  readonly kind = 'not-found' as const;
  constructor(what: string) {
    super(`${what} is not parked.`);
    this.name = 'NotParked';
  }
}

/** A slip: nothing of this topic can be parked here. */
export class TopicNotConsumed extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: readonly { field: string; message: string }[];
  constructor(topic: string) {
    const message = `${topic} is not consumed by this service`;
    super(`topic: ${message}`);
    this.name = 'TopicNotConsumed';
    this.errors = [{ field: 'topic', message }];
  }
}

/** Giving this up would give up something else too, or nothing at all: nothing was done. */
export class DiscardRefused extends Error {
  readonly kind = 'conflict' as const;
  constructor(
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = 'DiscardRefused';
  }
}
