export class OrderNotFound extends Error {
  readonly kind = 'not-found' as const;

  constructor(readonly guid: string) {
    super(`There is no order ${guid}.`);
    this.name = 'OrderNotFound';
  }
}
