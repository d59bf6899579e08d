import { messageOf } from './command-line';

/** A redrive may take 10 s, and a lane that it has begun longer. */
const ANSWER_LIMIT_MS = 60_000;

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

/** Records of a partition that are known by their position only; the topic has their bytes until `endsAt`, or for ever. */
export interface Positions {
  topic: string;
  partition: number;
  positions: number;
  firstOffset: number;
  oldest: string;
  reason: string;
  exhaustedChunks: number;
  endsAt: string | null;
  mayEndEarlier: boolean;
  retentionUnknown: string | null;
}

/** One of them; from `firstOffset` on where a whole batch could not be opened. */
export interface ShownPosition {
  offset: number;
  firstOffset: number;
  reason: string;
  sizeBytes: number | null;
  sha256: string | null;
  skippedBy: string | null;
}

export interface PositionRange {
  topic: string;
  partition: number;
  offset?: number;
  to?: number;
}

export interface PositionsReport {
  released: number;
  moved: number;
  lost: number;
  left: number;
  reason?: string;
  next?: number;
}

export interface LanePage {
  lanes: Lane[];
  positions: Positions[];
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
  positions: { partition: number; first: number; last: number; count: number } | null;
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

/** The service did not do what was asked; the message is what it said. */
export class ParkedRefused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** `/actuator/parked` of one service. Every call throws an Error that says what the service said. */
export class ParkedClient {
  constructor(
    readonly url: string,
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

  /** All lanes, or those of a topic, without their events, in the order of their ids. */
  async *lanes(topic: string | undefined): AsyncGenerator<Lane> {
    yield* this.allPages<Lane>({ topic, dryRun: true });
  }

  discard(lane: string, request: { version?: number; position?: string; reason: string }): Promise<DiscardReport> {
    return this.call('POST', `/${encodeURIComponent(lane)}/discard`, request);
  }

  /** At most 1,000; `next` is where to go on. */
  showPositions({
    topic,
    partition,
    offset,
    to,
  }: PositionRange): Promise<{ positions: ShownPosition[]; next?: number }> {
    const numbers = { partition, offset, to };
    const texts = Object.entries(numbers).map(([name, value]) => [name, value?.toString()]);
    return this.call('GET', `/positions?${given({ topic, ...Object.fromEntries(texts) })}`);
  }

  /** Reads them from their topic and tries them: as many calls as it takes. */
  async *redrivePositions(range: PositionRange): AsyncGenerator<PositionsReport> {
    const to = range.to ?? range.offset;
    let { offset } = range;
    do {
      const report: PositionsReport = await this.call('POST', '/positions/redrive', {
        ...range,
        offset: offset ?? 0,
        to: to ?? Number.MAX_SAFE_INTEGER,
      });
      yield report;
      offset = report.next;
    } while (offset !== undefined);
  }

  /** The same of all of these partitions. */
  async *redriveEach(partitions: readonly PositionRange[]): AsyncGenerator<PositionsReport> {
    for (const { topic, partition } of partitions) yield* this.redrivePositions({ topic, partition });
  }

  /** Gives positions up; returns how many. */
  async discardPositions(range: PositionRange & { offset: number }, reason: string): Promise<number> {
    let discarded = 0;
    for (let offset: number | undefined = range.offset; offset !== undefined;) {
      const request = { ...range, offset, to: range.to ?? range.offset, reason };
      const report: { discarded: number; next?: number } = await this.call('POST', '/positions/discard', request);
      discarded += report.discarded;
      offset = report.next;
    }
    return discarded;
  }

  /** Has the consumer go on behind this record, which is kept unread. */
  skip(position: { topic: string; partition: number; offset: number }, reason: string): Promise<{ skippedBy: string }> {
    return this.call('POST', '/skip', { ...position, reason });
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
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    }).catch((error: unknown) => {
      throw new Error(`${this.url} cannot be reached: ${messageOf(error)}`, { cause: error });
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw new ParkedRefused(response.status, refusal(response.status, text, path.split('?')[0] ?? ''));
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
