import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, httpClient } from '../http-client';
import type { Ledger } from './ledger';

/** Before a client tries something else: shorter than the services ask for, long enough to leave them the processor. */
const RETRY_AFTER_MS = 100;

export type Tried = Answer | 'unknown';

export interface TryOptions {
  body?: unknown;
  /** The version the write is about. */
  ifMatch?: number;
}

/**
 * A client that lives through faults: an answer of 503 or 504, or none, leaves open what became of the request. Everything
 * else a fault must never cause; it is noted as a surprise.
 */
export class PatientClient {
  private readonly gateways: ReturnType<typeof httpClient>[];
  private turn = 0;

  /** Takes the gateways in turn. */
  constructor(
    baseUrls: readonly string[],
    private readonly ledger: Ledger,
  ) {
    this.gateways = baseUrls.map(httpClient);
  }

  async send(method: string, path: string, { body, ifMatch }: TryOptions = {}): Promise<Tried> {
    const headers = ifMatch === undefined ? undefined : { 'if-match': `"${ifMatch}"` };
    const request = this.gateways[this.turn++ % this.gateways.length] ?? httpClient('');
    const answer = await request(method, path, body, headers).catch((error: unknown) => String(error));
    if (typeof answer === 'object' && answer.status < 500) return answer;
    if (typeof answer === 'object') this.check(answer, `${method} ${path}`);
    const { status, text } = typeof answer === 'object' ? answer : { status: undefined, text: answer };
    this.ledger.unanswered.push({ request: `${method} ${path}`, status, text });
    await sleep(RETRY_AFTER_MS);
    return 'unknown';
  }

  surprise(what: string, { status, text }: Answer): void {
    this.ledger.surprises.push(`${what}: ${status} ${text}`);
  }

  private check(answer: Answer, what: string): void {
    const { status, headers } = answer;
    if (status !== 503 && status !== 504) this.surprise(what, answer);
    if (status === 503 && !headers.has('retry-after')) this.surprise(`${what} without Retry-After`, answer);
  }
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

export function versionIn({ headers }: Answer): number {
  return Number(/"(\d+)"/.exec(headers.get('etag') ?? '')?.[1]);
}
