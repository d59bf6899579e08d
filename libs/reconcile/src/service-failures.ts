/** The service did not do what was asked; what it said is in the message. An HTTP server that asked it answers 503. */
export class ServiceRefused extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 60;

  constructor(
    readonly url: string,
    readonly status: number,
    text: string,
  ) {
    super(
      `${url} answered ${status}${status === 404 ? ' (are MANAGEMENT_USERNAME and _PASSWORD set there?)' : ''} ${text}`,
    );
    this.name = 'ServiceRefused';
  }
}

/** An original Spring Boot service answers there: it can neither be compared nor be sent anything again without harm. */
export class OriginalService extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 3_600;

  constructor(readonly url: string) {
    super(
      `${url} is an original Spring Boot service: it has no /actuator/digest, so that nothing can be compared with it, and ` +
        'an original Orders loses the orders of every customer that is sent again. Replace it first: ' +
        'docs/operations/moving-from-the-originals.md. Nothing was changed.',
    );
    this.name = 'OriginalService';
  }
}

/** The service cannot be reached; the message names its address and the reason. An HTTP server that asked it answers 503. */
export class ServiceUnreachable extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 5;

  constructor(url: string, reason: string, cause: unknown) {
    super(`${url} cannot be reached: ${reason}`, { cause });
    this.name = 'ServiceUnreachable';
  }
}
