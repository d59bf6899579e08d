/** An original service keeps this fulfillment under an id that is not its order's: what it reports would reach no order. */
export class FulfillmentReadOnly extends Error {
  readonly kind = 'conflict' as const;

  constructor(readonly id: string) {
    super(`Fulfillment ${id} was made by an original service and can only be read.`);
    this.name = 'FulfillmentReadOnly';
  }
}
