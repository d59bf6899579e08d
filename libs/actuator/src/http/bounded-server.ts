import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeSlowReaders } from './slow-readers';

/** What a server grants its clients in time, bytes and connections. */
export interface ServerLimits {
  /** Milliseconds from the first byte of a request to its last one, and in which a client has to take 64 KiB of an answer. */
  readonly requestTimeoutMs: number;
  /** Connections at a time, and so requests at a time; a further one is closed at once. */
  readonly maxConnections: number;
  /** Bytes of a request's first line and headers together. */
  readonly maxHeaderBytes: number;
}

export const defaultServerLimits: ServerLimits = {
  requestTimeoutMs: 30_000,
  maxConnections: 2_000,
  maxHeaderBytes: 16_384,
};

/** A client that needs longer than this for its headers is cut off: they are one packet or two. */
const longestHeadersMs = 10_000;
/** How often Node looks for connections whose time is over; 30 s by default, which would double the time-outs. */
const checkEveryMs = 1_000;
/** Longer than proxies keep theirs (60 s at most load balancers): it is them that end a connection, and no request is lost. */
const keepAliveMs = 72_000;
const mostWaiting = 16;

/**
 * An HTTP server that no client can hold: a request that is not complete in time gets 408, headers that are too long get 431,
 * and a connection whose client takes less than 64 KiB of a waiting answer in `requestTimeoutMs` is closed, within two seconds.
 * Requests that a client sends on one connection without waiting for answers are handled one at a time; a connection with more
 * than 16 waiting is closed.
 */
export function boundedServer(listener: RequestListener, limits: ServerLimits = defaultServerLimits): Server {
  const checkMs = Math.min(limits.requestTimeoutMs / 2, checkEveryMs);
  const server = createServer({
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: Math.min(limits.requestTimeoutMs, longestHeadersMs),
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // a request without `Host` is the listener's to refuse: Node's own answer has no body
    requireHostHeader: false,
  });
  closeSlowReaders(server, { periodMs: limits.requestTimeoutMs, checkEveryMs: checkMs });
  server.maxConnections = limits.maxConnections;
  // idle connections are closed first, to make room for active ones
  server.on('drop', () => server.closeIdleConnections());
  const inOrder = inTurn(listener);
  server.on('request', inOrder);
  // what is expected besides `100-continue`, too, is the listener's to refuse
  server.on('checkExpectation', inOrder);
  return server;
}

/** Lets a request begin when the answer to the one before it on its connection has been sent. */
function inTurn(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>();
  return (request: IncomingMessage, response: ServerResponse) => {
    // Node gives a response its socket when its turn has come
    if (response.socket !== null) return listener(request, response);
    const { socket } = request;
    const count = (waiting.get(socket) ?? 0) + 1;
    waiting.set(socket, count);
    if (count > mostWaiting) socket.destroy();
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      listener(request, response);
    });
  };
}
