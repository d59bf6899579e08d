/** There is no such customer, or he was deleted. */
export class CustomerNotFound extends Error {
  readonly kind = 'not-found' as const;

  constructor(readonly id: string) {
    super(`There is no customer ${id}.`);
    this.name = 'CustomerNotFound';
  }
}
