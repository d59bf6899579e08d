const MAX_REASON_LENGTH = 300;

/** Why something could not be done, cut to 300 characters: it may quote what somebody sent. */
export function cut(reason: string): string {
  return reason.length <= MAX_REASON_LENGTH ? reason : `${reason.slice(0, MAX_REASON_LENGTH - 1).toWellFormed()}…`;
}
