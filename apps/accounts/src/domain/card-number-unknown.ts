/** A masked card number came in that no stored card of this customer has. */
export class CardNumberUnknown extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: { field: string; message: string }[];

  constructor(positions: readonly number[]) {
    super('A masked card number stands for no card of this customer.');
    this.name = 'CardNumberUnknown';
    this.errors = positions.map((position) => ({
      field: `creditCards[${position}].number`,
      message: 'is masked, and no stored card of this customer looks like it',
    }));
  }
}
