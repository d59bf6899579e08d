export interface FieldError {
  /** Path of the field in the body: `addresses[0].city`; empty for the body itself. */
  field: string;
  message: string;
}

const namedInMessage = 3;
/** Faults that an answer names; a client that has mended them hears of the next ones. */
export const mostErrors = 50;

/** The request does not say what it must: its first 50 faults, each with the field it is about. Nothing was done. */
export class InvalidRequest extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    const told = errors.slice(0, mostErrors);
    super(summaryOf(told));
    this.name = 'InvalidRequest';
    this.errors = told;
  }
}

/** A header of ours says what it cannot mean: answered with problem details, since no original service knew the header. */
export class MalformedHeader extends InvalidRequest {
  readonly asProblem = true;

  constructor(header: string, message: string) {
    super([{ field: header, message }]);
    this.name = 'MalformedHeader';
  }
}

function summaryOf(errors: readonly FieldError[]): string {
  const named = errors.slice(0, namedInMessage).map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const others = errors.length - named.length;
  return named.join('; ') + (others > 0 ? `; and ${others} more` : '');
}
