/** A client wanted to replace a customer who is not there, or to add one who is: nothing was changed. */
export class PresenceUnexpected extends Error {
  readonly kind = 'precondition-failed' as const;

  /** `currentVersion` is the version of the customer who is there; undefined where there is none. */
  constructor(
    readonly id: string,
    readonly currentVersion: number | undefined,
  ) {
    super(`Customer ${id} ${currentVersion === undefined ? 'does not exist' : 'exists already'}.`);
    this.name = 'PresenceUnexpected';
  }
}
