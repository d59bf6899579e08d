/** Nothing is parked under this name: it may have been redriven meanwhile. */
export class NotParked extends Error {
  readonly kind = 'not-found' as const;
  constructor(what: string) {
    super(`${what} is not parked.`);
    this.name = 'NotParked';
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
