import { type Answer, httpClient } from '../http-client';
import type { Ledger } from './ledger';

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
  private readonly request: ReturnType<typeof httpClient>;

  constructor(
    baseUrl: string,
    private readonly ledger: Ledger,
  ) {
    this.request = httpClient(baseUrl);
  }

  async send(method: string, path: string, { body, ifMatch }: TryOptions = {}): Promise<Tried> {
    const headers = ifMatch === undefined ? undefined : { 'if-match': `"${ifMatch}"` };
    let answer: Answer;
    try {
      answer = await this.request(method, path, body, headers);
    } catch {
      return 'unknown'; // the process died over it
    }
    const { status, text } = answer;
    if (status < 500) return answer;
    if (status !== 503 && status !== 504) this.ledger.surprises.push(`${method} ${path}: ${status} ${text}`);
    if (status === 503 && !answer.headers.has('retry-after')) {
      this.ledger.surprises.push(`${method} ${path}: 503 without Retry-After`);
    }
    return 'unknown';
  }

  surprise(what: string, { status, text }: Answer): void {
    this.ledger.surprises.push(`${what}: ${status} ${text}`);
  }
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

export function versionIn({ headers }: Answer): number {
  return Number(/"(\d+)"/.exec(headers.get('etag') ?? '')?.[1]);
}
