import { cutSentence, cutText } from './cut-text';
import type { Failure } from './failure';
import { type FieldError, mostErrors } from './invalid-request';

const mostCharacters = { message: 500, field: 100, fault: 300 } as const;
/** Of the faults as JSON, so that an answer stays below 16 KiB. */
const mostErrorBytes = 8 * 1024;

/** A failure whose message and faults fit into an answer of 16 KiB, however long the texts are that a client made them of. */
export function boundedFailure(failure: Failure): Failure {
  const { errors, message } = failure;
  return {
    ...failure,
    message: cutSentence(message, mostCharacters.message),
    ...(errors && { errors: boundedErrors(errors) }),
  };
}

function boundedErrors(errors: readonly FieldError[]): readonly FieldError[] {
  const told: FieldError[] = [];
  let bytes = 0;
  for (const { field, message } of errors.slice(0, mostErrors)) {
    const error = { field: cutText(field, mostCharacters.field), message: cutSentence(message, mostCharacters.fault) };
    bytes += Buffer.byteLength(JSON.stringify(error));
    if (bytes > mostErrorBytes) break;
    told.push(error);
  }
  return told;
}
