/** Too much is under way: the client is asked to come again. Becomes 503 with `Retry-After`. */
export class TooBusy extends Error {
  readonly kind = 'unavailable' as const;

  constructor(
    message: string,
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
    this.name = 'TooBusy';
  }
}
