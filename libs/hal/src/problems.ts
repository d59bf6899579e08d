import { STATUS_CODES } from 'node:http';

/** A kind of problem: what its page says. */
export interface Problem {
  /** The last part of its `type` URI, and the name of its page. */
  readonly kind: string;
  readonly status: number;
  /** What happened, and what the client can do about it. */
  readonly text: string;
}

/** Every kind of problem that an answer in problem details (RFC 9457) names, one for each status. */
export const problems: readonly Problem[] = [
  {
    kind: 'invalid',
    status: 400,
    text: 'The request does not say what it must; nothing was done. `errors` names up to 50 fields, or headers, and what is wrong with each. Mend them and send the request again.',
  },
  {
    kind: 'unauthorized',
    status: 401,
    text: 'The request needs a user and a password, in HTTP Basic, and has none or wrong ones.',
  },
  {
    kind: 'forbidden',
    status: 403,
    text: 'A page of another origin asked for something that changes data, or the endpoint is not for this client. The operator can allow origins.',
  },
  {
    kind: 'not-found',
    status: 404,
    text: 'There is no such resource. With `Retry-After` it may come: this service has not heard of it from the service that owns it yet.',
  },
  {
    kind: 'method-not-allowed',
    status: 405,
    text: 'The path does not have this method. The header `Allow` names those that it has.',
  },
  {
    kind: 'not-acceptable',
    status: 406,
    text: 'The resource cannot be sent as any of the types that `Accept` names.',
  },
  {
    kind: 'timeout',
    status: 408,
    text: 'The request was not complete in time: its last byte did not come within the seconds that the server waits. Send it again, faster.',
  },
  {
    kind: 'conflict',
    status: 409,
    text: 'The request does not fit the state of the resource; nothing was done. Where the state cannot change so, `from`, `to` and `allowed` say what could be done instead. With `Retry-After`, others were changing the resource at the same time: send the request again.',
  },
  {
    kind: 'precondition-failed',
    status: 412,
    text: '`If-Match` or `If-None-Match` names another version than the one that is there; nothing was done. The header `ETag` has the current version: read the resource again, decide again, and send its tag.',
  },
  {
    kind: 'too-large',
    status: 413,
    text: 'The body, or what the change would make of the resource, is larger than is taken (a body may have 256 KiB), or the extensions of a chunk are too long.',
  },
  {
    kind: 'target-too-long',
    status: 414,
    text: 'Path and query together have more than 4,096 characters, or one segment of the path has more than 512.',
  },
  {
    kind: 'unsupported-media-type',
    status: 415,
    text: 'The body is of a type, a character set or a compression that is not taken here. Bodies are JSON in UTF-8 unless the API document says otherwise.',
  },
  {
    kind: 'expectation-failed',
    status: 417,
    text: 'The header `Expect` asks for something else than `100-continue`, which is all that this server can do.',
  },
  {
    kind: 'misdirected',
    status: 421,
    text: 'The request names a host that this server is not. The operator lists its names in `ALLOWED_HOSTS`.',
  },
  {
    kind: 'unprocessable',
    status: 422,
    text: 'The `Idempotency-Key` was used before, for a request with another body; nothing was done. A new request needs a new key.',
  },
  {
    kind: 'precondition-required',
    status: 428,
    text: 'The request changes a resource and does not say which version: send the `ETag` of that version in `If-Match`, or `*`.',
  },
  {
    kind: 'too-many-requests',
    status: 429,
    text: 'Too many wrong passwords came from this client. `Retry-After` says when the next one is looked at.',
  },
  {
    kind: 'headers-too-large',
    status: 431,
    text: 'The first line and the headers are too long or too many; `detail` says which.',
  },
  {
    kind: 'fault',
    status: 500,
    text: 'The server could not answer because of a fault of its own, which is in its log. Whether a change was made is not known: read the resource, or send the request again with the same `Idempotency-Key`.',
  },
  {
    kind: 'bad-gateway',
    status: 502,
    text: 'A service answered the gateway with something that is no answer.',
  },
  {
    kind: 'unavailable',
    status: 503,
    text: 'The service, its store, or a version that was asked for is not there yet, or too much is under way. Nothing was done unless `detail` says otherwise. `Retry-After` says when to send the request again.',
  },
  {
    kind: 'gateway-timeout',
    status: 504,
    text: 'A service did not answer the gateway in time. A change may have been made, or may still be: read the resource, or send the request again with the same `Idempotency-Key`.',
  },
];

const byStatus = new Map(problems.map((problem) => [problem.status, problem]));
const byKind = new Map(problems.map((problem) => [problem.kind, problem]));

export function problemOf(kind: string): Problem | undefined {
  return byKind.get(kind);
}

/** Returns the path of the page about problems of this status, `/problems/conflict`; undefined where there is none. */
export function problemPath(status: number): string | undefined {
  const problem = byStatus.get(status);
  return problem && `/problems/${problem.kind}`;
}

/** Returns the page of a kind of problem, in Markdown. */
export function problemPage({ kind, status, text }: Problem): string {
  return `# ${STATUS_CODES[status]} (${kind})\n\nStatus ${status}.\n\n${text}\n`;
}

/** Returns the same page in HTML: without scripts, styles and an icon that a browser would ask for, so that every content security policy allows it. */
export function problemHtml({ kind, status, text }: Problem): string {
  const title = escaped(`${STATUS_CODES[status]} (${kind})`);
  const words = escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>Status ${status}.</p><p>${words}</p></main></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
