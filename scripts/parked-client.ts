/** A lane as `/actuator/parked` lists it. */
export interface Lane {
  id: string;
  topic: string;
  aggregateId: string | null;
  events: number;
  bytes: number;
  reason: string;
  attempts: number;
  parkedAt: string;
  ageSeconds: number;
  nextAttemptAt: string | null;
  exhausted: boolean;
}

interface Page {
  size: number;
  totalElements: number;
  totalPages: number;
  number: number;
}

export interface LanePage {
  lanes: Lane[];
  page: Page;
}

/** `event` is null for a version that never came. */
export interface Discarded {
  id: string;
  lane: string;
  topic: string;
  version: number | null;
  reason: string;
  by: string;
  at: string;
  fault: string;
  event: ParkedEvent | null;
}

export interface DiscardedPage {
  discarded: Discarded[];
  page: Page;
}

interface Encoded {
  value: string | null;
  encoding: 'text' | 'base64' | null;
}

export interface ParkedEvent {
  position: string;
  timestamp: string;
  version: number | null;
  key: string | null;
  keyEncoding: Encoded['encoding'];
  headers: (Encoded & { name: string })[];
  value: string | null;
  valueEncoding: Encoded['encoding'];
  /** The answer would be too long with its key, headers and value. */
  omitted?: true;
}

export interface LaneDetail extends Omit<Lane, 'events'> {
  stack: string | null;
  events: ParkedEvent[];
}

export interface LaneReport {
  lane: string;
  released: number;
  left: number;
  reason?: string;
}

export interface DiscardReport {
  lane: string;
  discarded: string[];
  version?: number;
  gate?: number;
  redriven: LaneReport;
}

/** `/actuator/parked` of one service. Every call throws an Error that says what the service said. */
export class ParkedClient {
  constructor(
    private readonly url: string,
    private readonly credentials: { user: string; password: string },
  ) {}

  list(query: Record<string, string | undefined>): Promise<LanePage> {
    return this.call('GET', `?${given(query)}`);
  }

  discarded(query: Record<string, string | undefined>): Promise<DiscardedPage> {
    return this.call('GET', `/discarded?${given(query)}`);
  }

  show(lane: string): Promise<LaneDetail> {
    return this.call('GET', `/${encodeURIComponent(lane)}`);
  }

  redrive(lane: string): Promise<LaneReport> {
    return this.call('POST', `/${encodeURIComponent(lane)}/redrive`, {});
  }

  /** All lanes, or those of a topic: as many calls as it takes. */
  async *redriveAll(topic: string | undefined): AsyncGenerator<LaneReport> {
    yield* this.allPages<LaneReport>({ topic, dryRun: false });
  }

  async *wouldRedrive(topic: string | undefined): AsyncGenerator<Lane> {
    yield* this.allPages<Lane>({ topic, dryRun: true });
  }

  discard(lane: string, request: { version?: number; position?: string; reason: string }): Promise<DiscardReport> {
    return this.call('POST', `/${encodeURIComponent(lane)}/discard`, request);
  }

  private async *allPages<T>(request: { topic: string | undefined; dryRun: boolean }): AsyncGenerator<T> {
    let after: string | undefined;
    do {
      const answer: { lanes: T[]; next?: string } = await this.call('POST', '/redrive', { ...request, after });
      yield* answer.lanes;
      after = answer.next;
    } while (after !== undefined);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const { user, password } = this.credentials;
    const response = await fetch(`${this.url}/actuator/parked${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        accept: 'application/problem+json, application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`${this.url} cannot be reached: ${causeOf(error)}`);
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw new Error(refusal(response.status, text, path.split('?')[0] ?? ''));
  }
}

function given(query: Record<string, string | undefined>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(pairs).toString();
}

function refusal(status: number, text: string, path: string): string {
  if (status === 401)
    return 'The service does not accept this user and password (--user, --password, MANAGEMENT_PASSWORD).';
  const detail = detailOf(text);
  const unguarded = 'It has no management password, it consumes nothing, or this is the gateway.';
  if (status === 404) return path === '' ? `There is no /actuator/parked here. ${unguarded}` : (detail ?? 'not found');
  return detail ?? `The service answered ${status}: ${text.slice(0, 500)}`;
}

function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
