export class ProductNotFound extends Error {
  readonly kind = 'not-found' as const;

  constructor(readonly guid: string) {
    super(`There is no product ${guid} in the catalogue.`);
    this.name = 'ProductNotFound';
  }
}
