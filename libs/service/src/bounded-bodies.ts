import { Readable } from 'node:stream';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';

const bodyless = ['GET', 'HEAD', 'TRACE'];
const firstBytes = 1_024;

/** The server holds as many bodies as it may: the request can come again. */
export class TooManyBodies extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 1;

  constructor() {
    super('The server is busy with the bodies of other requests.');
    this.name = 'TooManyBodies';
  }
}

/** The client has closed the connection, or was too slow: a bad request, as Fastify puts it, and nothing for the log. */
class BodyBrokenOff extends Error {
  readonly code = 'ECONNRESET';
  readonly statusCode = 400;

  constructor() {
    super('The body broke off.');
    this.name = 'BodyBrokenOff';
  }
}

export interface BodyLimits {
  /** Bytes of all bodies that are held at a time for one share, from their first byte until their request is answered. */
  readonly maxHeldBytes: number;
  /** Names the share that a request's body counts for, one of few; all requests share one by default. */
  readonly shareOf?: ((request: FastifyRequest) => string) | undefined;
}

/**
 * Reads the body of each request whole before a parser or a handler sees it, into one buffer whatever the size of the pieces it
 * comes in, so that it costs no more memory than twice its bytes. One above Fastify's `bodyLimit` is 413; when the bodies of a
 * share are more than `maxHeldBytes` together, the request whose bytes arrive then is 503 with `Retry-After`. What was
 * announced and did not arrive yet takes no room.
 */
export function boundBodies(instance: FastifyInstance, { maxHeldBytes, shareOf = () => '' }: BodyLimits): void {
  const held = new Map<string, number>();
  const add = (share: string, bytes: number): boolean => {
    const all = (held.get(share) ?? 0) + bytes;
    if (bytes > 0 && all > maxHeldBytes) return false;
    held.set(share, all);
    return true;
  };
  const { bodyLimit = 1_048_576 } = instance.initialConfig;
  instance.addHook('preParsing', (request, reply, payload, done) => {
    if (!hasBody(request)) return done(null, payload);
    const refuse = (error: Error): void => {
      reply.header('connection', 'close');
      done(error);
    };
    if (announced(request) > bodyLimit) return refuse(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    const share = shareOf(request);
    const reading = new BodyReading(payload, { bodyLimit, hold: (bytes) => add(share, bytes) });
    // also where the client goes before its answer
    reply.raw.once('close', () => add(share, -reading.heldBytes));
    reading.read((error, body) => (error ? refuse(error) : done(null, body)));
  });
}

interface Bounds {
  readonly bodyLimit: number;
  /** Whether so many bytes more may be held. */
  readonly hold: (bytes: number) => boolean;
}

/** One body on its way into one buffer. */
class BodyReading {
  heldBytes = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private length = 0;

  constructor(
    private readonly payload: Readable,
    private readonly bounds: Bounds,
  ) {}

  /** Calls back once, when all has arrived or something is wrong. */
  read(done: (error: Error | null, body?: Readable) => void): void {
    const { payload } = this;
    const finish = (error: Error | null): void => {
      payload.off('data', take).off('end', end).off('error', fail);
      // it may still fail, when its connection does
      payload.on('error', () => {});
      if (error) done(error);
      else done(null, this.whole());
    };
    const take = (chunk: Buffer): void => {
      const error = this.add(chunk);
      if (error) finish(error);
    };
    const end = (): void => finish(null);
    const fail = (): void => finish(new BodyBrokenOff());
    payload.on('data', take).on('end', end).on('error', fail);
  }

  private add(chunk: Buffer): Error | undefined {
    const length = this.length + chunk.length;
    if (length > this.bounds.bodyLimit) return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    if (length > this.buffer.length && !this.grow(chunk, length)) return new TooManyBodies();
    // a body that came whole is its own buffer
    if (this.buffer !== chunk) chunk.copy(this.buffer, this.length);
    this.length = length;
    return undefined;
  }

  private grow(chunk: Buffer, length: number): boolean {
    const isFirst = this.length === 0;
    const size = isFirst ? chunk.length : Math.min(this.bounds.bodyLimit, Math.max(2 * length, firstBytes));
    const heldBytes = Math.max(size, firstBytes);
    if (!this.bounds.hold(heldBytes - this.heldBytes)) return false;
    this.heldBytes = heldBytes;
    if (isFirst) this.buffer = chunk;
    else {
      const larger = Buffer.allocUnsafe(size);
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    return true;
  }

  /** Fastify compares `receivedEncodedLength` with what the client announced. */
  private whole(): Readable {
    const body = new Readable({ read: () => {} });
    if (this.length > 0) body.push(this.buffer.subarray(0, this.length));
    body.push(null);
    return Object.assign(body, { receivedEncodedLength: this.length });
  }
}

function hasBody({ method, headers }: FastifyRequest): boolean {
  if (bodyless.includes(method)) return false;
  return headers['transfer-encoding'] !== undefined || announced({ headers }) > 0;
}

function announced({ headers }: Pick<FastifyRequest, 'headers'>): number {
  return Number(headers['content-length'] ?? 0);
}
