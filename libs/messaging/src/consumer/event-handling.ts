import { OutboxFull, VersionConflict } from '../failures';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import { isStoreTrouble } from '../mongo-errors';
import type { Topic } from '../topic';
import type { DecodedRecord } from './record-decoding';

export type EventHandler = (events: IncomingEvent<unknown>[]) => Promise<Outcome[]>;

/** How long a handler may take for a batch. */
const HANDLER_TIMEOUT_MS = 10_000;
/** How often a single event is handed to its handler before it is parked. */
const MAX_ATTEMPTS = 3;

export const WAITS = 'waits behind an earlier event of its aggregate';
const LOST = 'the handler gave no outcome';

export interface Runnable {
  readonly record: DecodedRecord;
  readonly event: IncomingEvent<unknown>;
}

/**
 * Calls handlers so that every event gets its own outcome, whatever its neighbours do to the handler. Throws only what will
 * pass (`isTransient`): then the batch is to come again.
 */
export class EventHandling {
  constructor(private readonly handlerOf: (topic: string) => EventHandler | undefined) {}

  /** A batch that fails for another reason than the store is halved until the events that fail stand alone. */
  async handle(topic: Topic<unknown>, batch: readonly Runnable[]): Promise<Outcome[]> {
    if (batch.length === 0) return [];
    try {
      return await this.call(topic, batch);
    } catch (error) {
      if (isTransient(error)) throw error;
      if (batch.length === 1) return [await this.insist(topic, batch, error)];
      const middle = batch.length >> 1;
      const first = await this.handle(topic, batch.slice(0, middle));
      return [...first, ...(await this.handleBehind(topic, { first, batch }))];
    }
  }

  /** The second half, but for deltas without a version whose predecessor in the first half cannot be applied. */
  private async handleBehind(
    topic: Topic<unknown>,
    { first, batch }: { first: readonly Outcome[]; batch: readonly Runnable[] },
  ): Promise<Outcome[]> {
    const stuck = new Set(batch.flatMap(({ record }, i) => (first[i] instanceof Unappliable ? [record.lane] : [])));
    const second = batch.slice(first.length);
    const waits = ({ record, event }: Runnable) => isGateless(topic, event) && stuck.has(record.lane);
    const outcomes = await this.handle(
      topic,
      second.filter((each) => !waits(each)),
    );
    const next = outcomes.values();
    return second.map((each) => (waits(each) ? new Unappliable(WAITS) : (next.next().value ?? new Unappliable(LOST))));
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
    return new Unappliable(`the handler failed: ${describe(error)}`, stackOf(error));
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
}

/** Handlers wait for nothing but the store: a slow one says nothing about its events. */
class HandlerTooSlow extends Error {
  constructor() {
    super(`the handler did not answer within ${HANDLER_TIMEOUT_MS} ms`);
    this.name = 'HandlerTooSlow';
  }
}

/** Trouble that passes by itself: the same events will be applied later, none of them is at fault. */
export function isTransient(error: unknown): boolean {
  return (
    isStoreTrouble(error) ||
    error instanceof VersionConflict ||
    error instanceof OutboxFull ||
    error instanceof HandlerTooSlow
  );
}

/** Nothing but its place in the lane tells the order of such an event. */
export function isGateless(topic: Topic<unknown>, event: IncomingEvent<unknown>): boolean {
  return topic.ordering === 'delta' && event.version === undefined;
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'applied' || value === 'duplicate' || value === 'ignored' || value instanceof Unappliable;
}

function limited<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HandlerTooSlow()), HANDLER_TIMEOUT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

const MAX_STACK_LENGTH = 4_000;

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.slice(0, MAX_STACK_LENGTH) : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
