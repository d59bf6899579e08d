import { z } from 'zod';
import { OriginalService, ServiceRefused, ServiceUnreachable } from './service-failures';

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

/** How many of one kind of copy differed when all were compared, and how many could not be judged. */
export interface ReconciledLink {
  readonly link: string;
  readonly drift: number;
  readonly inFlight: number;
}

/** Who compares the copies at this moment (null: nobody), and what the last comparison has found. */
export interface LeaseState {
  readonly holder: string | null;
  /** Grows with every change of the lease. */
  readonly beat: number;
  readonly last?: { readonly links: readonly ReconciledLink[]; readonly agoMs: number };
}

export interface Access {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** The reports of one order as Fulfillment has them, oldest first, each with the version of the one before it. */
export interface ReportedHistory {
  readonly guid: string;
  /** false: only the oldest of them, because all are too many for one request. */
  readonly complete: boolean;
  readonly reports: readonly { readonly version: number; readonly previousVersion: number; readonly event: object }[];
}

/** Ids that one request names at most. */
export const MAX_IDS = 500;
const MAX_HISTORIES = 20;
const ANSWER_LIMIT_MS = 30_000;

/** A service's guarded endpoints for comparing and repairing. */
export class ServiceClient {
  constructor(
    private readonly access: Access,
    private readonly guard?: () => void,
  ) {}

  get url(): string {
    return this.access.url;
  }

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

  /** Fulfillment only: these have no order here, and are not asked about again. */
  async adoptRequests(guids: readonly string[]): Promise<void> {
    for (const some of chunks(guids, MAX_IDS)) await this.call('POST', 'fulfillment-requests/adopt', { guids: some });
  }

  /** Fulfillment only: what it reported of these orders. */
  async *histories(guids: readonly string[]): AsyncIterable<readonly ReportedHistory[]> {
    for (const some of chunks(guids, MAX_HISTORIES)) {
      const path = 'fulfillment-requests/histories';
      yield (await this.call<{ histories: ReportedHistory[] }>('POST', path, { guids: some })).histories;
    }
  }

  /** Orders only: puts these reports in the place of what it has, each order in one write, unless it has moved since `seen`. */
  async replaceReports(
    orders: readonly (Pick<ReportedHistory, 'guid' | 'reports'> & { readonly seen: number | null })[],
  ): Promise<void> {
    await this.call('POST', 'status-reports/replace', { orders });
  }

  /** Orders only, as are the other three: who compares the copies. */
  lease(): Promise<LeaseState> {
    return this.call<LeaseState>('GET', 'reconciliation');
  }

  async takeLease(holder: string, seen: Pick<LeaseState, 'holder' | 'beat'>): Promise<boolean> {
    return (await this.call<{ granted: boolean }>('POST', 'reconciliation/take', { holder, seen })).granted;
  }

  async beatLease(holder: string): Promise<boolean> {
    return (await this.call<{ granted: boolean }>('POST', 'reconciliation/beat', { holder })).granted;
  }

  async endLease(holder: string, links?: readonly ReconciledLink[]): Promise<void> {
    await this.call('POST', 'reconciliation/end', { holder, ...(links && { links }) });
  }

  /** Whether an original Spring Boot service answers there. Throws ServiceUnreachable. */
  async isOriginal(): Promise<boolean> {
    const answer = await this.ask('GET', 'info');
    if (answer.status !== 200) return false;
    // ours names itself; an original has nothing to tell, or something else
    const info = Info.safeParse(jsonOf(answer.text));
    return !info.success || !OURS.has(info.data.build?.artifact ?? '');
  }

  /** The same client, which calls `guard` before every request; it throws where no request may be made any more. */
  guarded(guard: () => void): ServiceClient {
    return new ServiceClient(this.access, guard);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    this.guard?.();
    const { url, status, text } = await this.ask(method, path, body);
    if (status === 404 && isNotKnownToOriginals(path) && (await this.isOriginal()))
      throw new OriginalService(this.access.url);
    if (status < 200 || status > 299) throw new ServiceRefused(url, status, text.slice(0, 500));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async ask(method: string, path: string, body?: object) {
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
    return { url, status: response.status, text: await response.text() };
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

/** What services of this project call themselves at /actuator/info. */
const OURS: ReadonlySet<string> = new Set(['accounts', 'orders', 'fulfillment', 'gateway']);
const Info = z.object({ build: z.object({ artifact: z.string() }).optional() });

function isNotKnownToOriginals(path: string): boolean {
  return !path.startsWith('republish/');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function* chunks<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
