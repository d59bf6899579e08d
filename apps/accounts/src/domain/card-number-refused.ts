export interface CardFault {
  /** Position of the card in the request. */
  readonly position: number;
  readonly message: string;
}

/** A card number came in that is none, or a masked one of which nothing tells which stored number is meant. Nothing was changed. */
export class CardNumberRefused extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: readonly { field: string; message: string }[];

  constructor(faults: readonly CardFault[]) {
    const errors = faults.map(({ position, message }) => ({ field: `creditCards[${position}].number`, message }));
    super(errors.map(({ field, message }) => `${field}: ${message}`).join('; '));
    this.name = 'CardNumberRefused';
    this.errors = errors;
  }
}
