import { OutboxFull, VersionConflict } from '../failures';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import { isStoreTrouble } from '../mongo-errors';
import type { MessagingMetrics } from '../metrics';
import type { ParkedEvents, Parking } from '../parked/parked-events';
import { reached } from '../steps';
import type { Topic } from '../topic';
import { type DecodedRecord, decodeRecord, type RawRecord } from './record-decoding';

export type EventHandler = (events: IncomingEvent<unknown>[]) => Promise<Outcome[]>;

/** How long a handler may take for a batch before it counts as failed. */
export const HANDLER_TIMEOUT_MS = 10_000;
/** How often a single event is handed to its handler before it is parked. */
const MAX_ATTEMPTS = 3;

const WAITS = 'waits behind an earlier event of its aggregate';

interface Runnable {
  readonly record: DecodedRecord;
  readonly event: IncomingEvent<unknown>;
}

/** Takes records to their handler and parks what cannot be applied. When `process` returns, every record is durably one or the other. */
export class BatchProcessor {
  constructor(
    private readonly handlerOf: (topic: string) => EventHandler | undefined,
    private readonly parked: ParkedEvents,
    private readonly metrics: MessagingMetrics,
  ) {}

  /** Throws only what will pass (`isTransient`) or a defect of ours: then nothing is lost and the batch is to come again. */
  async process(topic: Topic<unknown>, records: readonly RawRecord[]): Promise<void> {
    const arrived = reached('events-received');
    if (arrived) await arrived;
    const decoded = records.map((raw) => decodeRecord(topic, raw));
    const { runnable, parkings } = await this.sort(topic, decoded);
    const outcomes = await this.handle(topic, runnable);
    const applied = reached('events-applied');
    if (applied) await applied;
    for (const [index, outcome] of outcomes.entries()) {
      const record = runnable[index]?.record;
      if (outcome instanceof Unappliable && record) parkings.push(parkingOf(record, outcome));
    }
    for (const parking of inOrder(parkings)) await this.parked.park(parking);
    if (parkings.length > 0) {
      const done = reached('events-parked');
      if (done) await done;
    }
    this.count(topic, outcomes, parkings.length);
  }

  /** One parked record through the same handler. */
  async retry(topic: Topic<unknown>, raw: RawRecord): Promise<Outcome> {
    const record = decodeRecord(topic, raw);
    if (!record.event) return new Unappliable(record.fault);
    const [outcome = new Unappliable('no outcome')] = await this.handle(topic, [{ record, event: record.event }]);
    if (!(outcome instanceof Unappliable)) this.metrics.consumed.inc({ topic: topic.name, outcome });
    return outcome;
  }

  /**
   * Versioned events are gated by their version, so they go to the handler whatever is parked: a gap parks them there. Only a
   * delta without a version has nothing else to hold it back than its lane.
   */
  private async sort(
    topic: Topic<unknown>,
    decoded: readonly DecodedRecord[],
  ): Promise<{ runnable: Runnable[]; parkings: Parking[] }> {
    const gateless =
      topic.ordering === 'delta' ? decoded.filter(({ event }) => event && event.version === undefined) : [];
    const held = await this.parked.among(gateless.map(({ lane }) => lane));
    const runnable: Runnable[] = [];
    const parkings: Parking[] = [];
    for (const record of decoded) {
      if (!record.event) {
        parkings.push({ lane: record.lane, raw: record.raw, reason: record.fault });
        if (!record.alone) held.add(record.lane);
      } else if (topic.ordering === 'delta' && record.event.version === undefined && held.has(record.lane)) {
        parkings.push({ lane: record.lane, raw: record.raw, reason: WAITS });
      } else {
        runnable.push({ record, event: record.event });
      }
    }
    return { runnable, parkings };
  }

  /** A batch that fails for another reason than the store is halved until the events that fail stand alone. */
  private async handle(topic: Topic<unknown>, batch: readonly Runnable[]): Promise<Outcome[]> {
    if (batch.length === 0) return [];
    try {
      return await this.call(topic, batch);
    } catch (error) {
      if (isTransient(error)) throw error;
      if (batch.length === 1) return [await this.insist(topic, batch, error)];
      const middle = batch.length >> 1;
      const first = await this.handle(topic, batch.slice(0, middle));
      return [...first, ...(await this.handle(topic, batch.slice(middle)))];
    }
  }

  private async insist(topic: Topic<unknown>, single: readonly Runnable[], firstError: unknown): Promise<Outcome> {
    let error = firstError;
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        const [outcome] = await this.call(topic, single);
        if (outcome !== undefined) return outcome;
      } catch (next) {
        if (isTransient(next)) throw next;
        error = next;
      }
    }
    return new Unappliable(`the handler failed: ${describe(error)}`);
  }

  private async call(topic: Topic<unknown>, batch: readonly Runnable[]): Promise<Outcome[]> {
    const handler = this.handlerOf(topic.name);
    if (!handler) throw new Error(`no handler for ${topic.name}`);
    const outcomes: unknown = await limited(handler(batch.map(({ event }) => event)));
    if (!Array.isArray(outcomes) || outcomes.length !== batch.length || !outcomes.every(isOutcome)) {
      throw new Error(`the handler of ${topic.name} must return an outcome for each of the ${batch.length} events`);
    }
    return outcomes;
  }

  private count(topic: Topic<unknown>, outcomes: readonly Outcome[], parked: number): void {
    const counts = { applied: 0, duplicate: 0, ignored: 0 };
    for (const outcome of outcomes) if (!(outcome instanceof Unappliable)) counts[outcome]++;
    for (const [outcome, count] of Object.entries({ ...counts, parked })) {
      if (count > 0) this.metrics.consumed.inc({ topic: topic.name, outcome }, count);
    }
  }
}

/** Trouble that passes by itself: the same events will be applied later, none of them is at fault. */
export function isTransient(error: unknown): boolean {
  return isStoreTrouble(error) || error instanceof VersionConflict || error instanceof OutboxFull;
}

function parkingOf(record: DecodedRecord, { reason }: Unappliable): Parking {
  return { lane: record.lane, raw: record.raw, reason };
}

function inOrder(parkings: readonly Parking[]): Parking[] {
  return parkings.toSorted((a, b) => Number(BigInt(a.raw.origin.offset) - BigInt(b.raw.origin.offset)));
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'applied' || value === 'duplicate' || value === 'ignored' || value instanceof Unappliable;
}

function limited<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${HANDLER_TIMEOUT_MS} ms`)), HANDLER_TIMEOUT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
