/** Nobody has asked for this order to be fulfilled, or not yet. */
export class FulfillmentNotFound extends Error {
  readonly kind = 'not-found' as const;

  constructor(readonly id: string) {
    super(`There is no fulfillment ${id}.`);
    this.name = 'FulfillmentNotFound';
  }
}
