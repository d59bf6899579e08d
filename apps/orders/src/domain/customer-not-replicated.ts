/** Accounts may know this customer already: its event can still be on the way. */
export class CustomerNotReplicated extends Error {
  readonly kind = 'not-found' as const;
  readonly retryAfterSeconds = 1;

  constructor(readonly customerId: string) {
    super(`Customer ${customerId} is not known here (yet).`);
    this.name = 'CustomerNotReplicated';
  }
}
