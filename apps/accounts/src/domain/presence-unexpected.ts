/** A client wanted to replace a customer who is not there, or to add one who is: nothing was changed. */
export class PresenceUnexpected extends Error {
  readonly kind = 'precondition-failed' as const;

  constructor(
    readonly id: string,
    expected: 'present' | 'absent',
  ) {
    super(`Customer ${id} ${expected === 'present' ? 'does not exist' : 'exists already'}.`);
    this.name = 'PresenceUnexpected';
  }
}
