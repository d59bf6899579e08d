import { type Dispatcher, Pool } from 'undici';
import { type Patience } from './patience';
import type { ServiceName } from './service-name';
import { isConnectionFailure, ServiceBusy } from './upstream-failure';

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];
const retryDelayMs = 50;
const connectTimeoutMs = 3_000;
/** Requests that a service is asked at a time, each on a connection of its own. */
const mostAtOnce = 128;

/** A service that is being stopped closes the connection behind its 503; one in trouble keeps it. */
function isFromLeaving({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  return statusCode === 503 && headers['connection'] === 'close';
}

export interface UpstreamRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, as they are to arrive. */
  readonly path: string;
  readonly headers: Dispatcher.RequestOptions['headers'];
  readonly body: Buffer | null;
}

/**
 * One service as the gateway sees it: 128 connections that are kept open, and a queue of `maxQueued` requests before them. A
 * request beyond that is refused at once, one whose patience ends leaves the queue: a service that hangs costs the others
 * nothing. A safe method is sent a second time when the connection fails before an answer, and when an instance answers that it is
 * being stopped: another one may be there. Nothing else is ever sent twice.
 */
export class Upstream {
  readonly url: URL;
  private readonly pool: Pool;
  private atOnce = 0;
  /** In the order they came. */
  private readonly queue = new Set<() => void>();

  constructor(
    private readonly service: ServiceName,
    url: string,
    private readonly maxQueued: number,
  ) {
    const connect = { timeout: connectTimeoutMs, rejectUnauthorized: true };
    this.url = new URL(url);
    this.pool = new Pool(url, { connections: mostAtOnce, connect });
  }

  /** The answer once it begins; its body has to be read or destroyed. Rejects with the reason of the patience where that ends. */
  async ask(request: UpstreamRequest, patience: Patience, timeoutMs: number): Promise<Dispatcher.ResponseData> {
    await this.turn(patience);
    try {
      const answer = await this.send(request, patience, timeoutMs);
      answer.body.once('close', () => this.next());
      return answer;
    } catch (error) {
      this.next();
      throw patience.reason ?? error;
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async send(request: UpstreamRequest, signal: Patience, timeoutMs: number): Promise<Dispatcher.ResponseData> {
    const options = { ...request, signal, headersTimeout: 0 };
    const ask = () => this.pool.request({ ...options, bodyTimeout: timeoutMs });
    if (!safeMethods.includes(request.method)) return ask();
    try {
      const answer = await ask();
      if (!isFromLeaving(answer)) return answer;
      await answer.body.dump();
    } catch (error) {
      if (signal.aborted || !isConnectionFailure(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
    return ask();
  }

  private turn(patience: Patience): Promise<void> | void {
    if (patience.reason) throw patience.reason;
    if (this.atOnce < mostAtOnce) return void this.atOnce++;
    if (this.queue.size >= this.maxQueued) throw new ServiceBusy(this.service);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.queue.delete(begin);
        reject(patience.reason ?? new ServiceBusy(this.service));
      };
      const begin = (): void => {
        patience.off('abort', leave);
        resolve();
      };
      this.queue.add(begin);
      patience.once('abort', leave);
    });
  }

  /** A finished request hands its place to the one that has waited longest. */
  private next(): void {
    const [begin] = this.queue;
    if (!begin) return void this.atOnce--;
    this.queue.delete(begin);
    begin();
  }
}
