import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { namedUser } from '../access/credentials';

const capacity = 100;
const secretRequestHeaders = ['authorization', 'proxy-authorization', 'cookie'];
const secretResponseHeaders = ['set-cookie', 'www-authenticate'];

type Headers = Readonly<Record<string, unknown>>;

interface Exchange {
  at: number;
  elapsedMs: number;
  method: string;
  uri: string;
  user: string;
  /** Names and values in turns, as they were sent. */
  requestHeaders: readonly string[];
  status: number;
  responseHeaders: Headers;
}

/** The last 100 requests and what they were answered, in memory, without what authorizes anybody. */
export class HttpExchanges {
  private readonly ring: Exchange[] = [];
  private next = 0;

  /** From now on, of every request. */
  record(instance: FastifyInstance): void {
    instance.addHook('onResponse', (request, reply, done) => {
      this.ring[this.next] = exchangeOf(request, reply);
      this.next = (this.next + 1) % capacity;
      done();
    });
  }

  /** The newest first, in Spring Boot's shape. */
  all(): object[] {
    const inOrder = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    return inOrder.toReversed().map(viewOf);
  }
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply): Exchange {
  return {
    at: Date.now() - reply.elapsedTime,
    elapsedMs: reply.elapsedTime,
    method: request.method,
    uri: `${request.protocol}://${request.host}${request.originalUrl}`,
    user: request.headers.authorization ? namedUser(request) : '-',
    requestHeaders: request.raw.rawHeaders,
    status: reply.statusCode,
    responseHeaders: reply.getHeaders(),
  };
}

function viewOf(exchange: Exchange): object {
  const { at, elapsedMs, method, uri, user, requestHeaders, status, responseHeaders } = exchange;
  return {
    timestamp: new Date(at).toISOString(),
    ...(user !== '-' && { principal: { name: user } }),
    request: { method, uri, headers: headersOf(headersSent(requestHeaders), secretRequestHeaders) },
    response: { status, headers: headersOf(responseHeaders, secretResponseHeaders) },
    timeTaken: `PT${(elapsedMs / 1000).toFixed(6)}S`,
  };
}

function headersSent(raw: readonly string[]): Headers {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2)
    (headers[String(raw[index]).toLowerCase()] ??= []).push(String(raw[index + 1]));
  return headers;
}

function headersOf(headers: Headers, secrets: readonly string[]): Record<string, string[]> {
  const shown = Object.entries(headers).filter(([name, value]) => value !== undefined && !secrets.includes(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, [value].flat().map(String)]));
}
