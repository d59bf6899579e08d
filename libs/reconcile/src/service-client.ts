/** One aggregate, as one service has it. */
export interface Entry {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly deleted?: true;
  /** Another program keeps it: it cannot be compared. */
  readonly foreign?: true;
  /** Its owner has not published it yet. */
  readonly pending?: true;
}

/** What a service has of some ids. */
export interface Look {
  /** By id; those that are not there are left out. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Ids of which events are parked there. */
  readonly parked: ReadonlySet<string>;
}

export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  /** The next record that can be read will be there. */
  readonly end: number;
  /** Above `end` while a transaction of some producer is open: what is behind its beginning waits for its end. */
  readonly highWatermark?: number;
}

export interface Overview {
  readonly consumed: readonly Position[];
  /** Why the positions are not known. */
  readonly trouble?: string;
}

export interface Job {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly sent: number;
  readonly raised: number;
  readonly skipped: number;
  readonly failure?: string;
}

export interface Access {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const MAX_IDS = 500;
const ANSWER_LIMIT_MS = 30_000;

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

/** A service's guarded endpoints for comparing and repairing. */
export class ServiceClient {
  constructor(private readonly access: Access) {}

  overview(): Promise<Overview> {
    return this.call<Overview>('GET', 'digest');
  }

  async *pages(topic: string, size: number): AsyncIterable<readonly Entry[]> {
    let after: string | undefined;
    do {
      const query = new URLSearchParams({ size: String(size), ...(after !== undefined && { after }) });
      const page = await this.call<{ entries: Entry[]; next?: string }>('GET', `digest/${topic}?${query.toString()}`);
      yield page.entries;
      after = page.next;
    } while (after !== undefined);
  }

  async look(topic: string, ids: readonly string[]): Promise<Look> {
    const found = { entries: new Map<string, Entry>(), parked: new Set<string>() };
    for (const some of chunks(ids, MAX_IDS)) {
      const answer = await this.call<{ entries: Entry[]; parked: string[] }>('POST', `digest/${topic}`, { ids: some });
      for (const entry of answer.entries) found.entries.set(entry.id, entry);
      for (const id of answer.parked) found.parked.add(id);
    }
    return found;
  }

  republish(order: object): Promise<Job> {
    return this.call<Job>('POST', 'republish', order);
  }

  job(id: string): Promise<Job> {
    return this.call<Job>('GET', `republish/${encodeURIComponent(id)}`);
  }

  jobs(): Promise<{ jobs: Job[] }> {
    return this.call<{ jobs: Job[] }>('GET', 'republish');
  }

  cancel(id: string): Promise<Job> {
    return this.call<Job>('DELETE', `republish/${encodeURIComponent(id)}`);
  }

  /** Fulfillment only. */
  async awaitRequests(guids: readonly string[]): Promise<void> {
    for (const some of chunks(guids, MAX_IDS)) await this.call('POST', 'fulfillment-requests/await', { guids: some });
  }

  /** Orders only. */
  async forgetReports(guids: readonly string[]): Promise<void> {
    for (const some of chunks(guids, MAX_IDS)) await this.call('POST', 'status-reports/forget', { guids: some });
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const { username, password } = this.access;
    const url = `${this.access.url}/actuator/${path}`;
    const response = await reached(url, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new ServiceRefused(url, response.status, text.slice(0, 500));
    return (text === '' ? undefined : JSON.parse(text)) as T;
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

/** fetch, whose own error names neither the address nor the reason. */
async function reached(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error ? cause.message || String(Reflect.get(cause, 'code')) : message;
    throw new ServiceUnreachable(url, reason, error);
  }
}

export function* chunks<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
