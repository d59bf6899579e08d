/** What each status means here. */
export const errorTexts = {
  400: 'The request does not say what it must; nothing was done. `errors` names the fields.',
  404: 'There is no such resource.',
  405: 'The path does not have this method.',
  406: 'It cannot be sent as any of the types that Accept names.',
  409: 'It does not fit the state of the resource; nothing was done.',
  412: 'If-Match or If-None-Match names another version than the one that is there; nothing was done.',
  413: 'The body is larger than 256 KiB.',
  414: 'Path and query together have more than 4,096 characters.',
  415: 'The body is of a type that is not taken here.',
  422: 'The Idempotency-Key was used with another body.',
  428: 'If-Match is required: where the service is configured so.',
  503: 'The store, or a version that was asked for, is not there yet; nothing was done.',
} as const;

export type ErrorStatus = keyof typeof errorTexts;
