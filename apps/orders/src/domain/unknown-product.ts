export interface UnknownProductAt {
  /** Position in the ordered items. */
  readonly index: number;
  readonly product: string;
}

export class UnknownProduct extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: { field: string; message: string }[];

  constructor(unknown: readonly UnknownProductAt[]) {
    super('The order names products that are not in the catalogue.');
    this.name = 'UnknownProduct';
    this.errors = unknown.map(({ index, product }) => ({
      field: `items[${index}].product`,
      message: `there is no product ${product}`,
    }));
  }
}
