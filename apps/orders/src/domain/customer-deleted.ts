export class CustomerDeleted extends Error {
  readonly kind = 'not-found' as const;

  constructor(readonly customerId: string) {
    super(`Customer ${customerId} was deleted.`);
    this.name = 'CustomerDeleted';
  }
}
