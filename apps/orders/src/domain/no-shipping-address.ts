export class NoShippingAddress extends Error {
  readonly kind = 'conflict' as const;

  constructor(readonly customerId: string) {
    super(`Customer ${customerId} has no SHIPPING address.`);
    this.name = 'NoShippingAddress';
  }
}
