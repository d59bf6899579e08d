import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemType } from './accepted-type';
import { problemPath } from './problems';

/** What Node says of a request that it could not read: `code` names the rule, `reason` is a sentence of its parser. */
export interface UnreadError extends Error {
  readonly code?: string;
  readonly reason?: string;
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

const details: Readonly<Record<number, string>> = {
  408: 'The request was not complete in time.',
  413: 'The extensions of a chunk are too long.',
  431: 'The first line and the headers together are too long.',
};

/**
 * Answers a request that Node cannot read, which no handler will see, with problem details, and closes the connection: 431 for headers that
 * are too long, 408 for what takes too long, 413 for chunks with long extensions, else 400. Nothing is written where the client has left,
 * where an answer to an earlier request is on its way, or where an earlier request is complete and still being handled: the client would
 * take the answer for that one's, which may have been done.
 */
export function answerUnread(error: UnreadError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable && !isAnswering(socket)) socket.write(unreadAnswer(error));
  socket.destroy(error);
}

/** Node keeps the response whose turn it is at its socket, and its own answer to such requests looks there too. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  const response = socket._httpMessage;
  return response?.headersSent === true || response?.req.complete === true;
}

function unreadAnswer({ code = '', reason }: UnreadError): string {
  const status = statuses[code] ?? 400;
  const body = JSON.stringify({
    type: problemPath(status),
    title: STATUS_CODES[status],
    status,
    detail: details[status] ?? `The request is no valid HTTP${reason === undefined ? '' : `: ${reason}`}.`,
  });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
