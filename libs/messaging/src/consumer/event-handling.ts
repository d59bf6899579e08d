import { cut } from '../cut';
import { OutboxFull, VersionConflict } from '../failures';
import { type IncomingEvent, type Outcome, TooEarly, Unappliable } from '../incoming-event';
import { isStoreTrouble } from '../mongo-errors';
import type { Topic } from '../topic';
import { type Attempt, ATTEMPTS, LAST_ATTEMPT } from './attempts';
import type { DecodedRecord } from './record-decoding';

export type EventHandler = (events: IncomingEvent<unknown>[]) => Promise<Outcome[]>;

/** How often a single event is handed to a handler that throws before it is parked. */
const MAX_ATTEMPTS = 3;

export const WAITS = 'waits behind an earlier event of its aggregate';
const LOST = 'the handler gave no outcome';

export interface Runnable {
  readonly record: DecodedRecord;
  readonly event: IncomingEvent<unknown>;
}

/** Events to be handled, and the attempt that this is. */
export interface Handover {
  readonly batch: readonly Runnable[];
  readonly attempt: Attempt;
}

/**
 * Calls handlers so that every event gets its own outcome, whatever its neighbours do to the handler. Throws what will pass
 * (`isTransient`), then the batch is to come again; and before the last attempt HandlerHangs: then it is to come again in
 * smaller batches.
 */
export class EventHandling {
  constructor(
    private readonly handlerOf: (topic: string) => EventHandler | undefined,
    /** Throws when the store does not answer: then a handler that does not either is not to blame. */
    private readonly pingStore: () => Promise<void>,
  ) {}

  /** A batch that fails for another reason than the store is halved until the events that fail stand alone. */
  async handle(topic: Topic<unknown>, { batch, attempt }: Handover): Promise<Outcome[]> {
    if (batch.length === 0) return [];
    try {
      return await this.call(topic, { batch, attempt });
    } catch (error) {
      if (isToComeAgain(error, attempt)) throw error;
      if (batch.length === 1) return [await this.insist(topic, { batch, attempt }, error)];
      const middle = batch.length >> 1;
      const first = await this.handle(topic, { batch: batch.slice(0, middle), attempt });
      return [...first, ...(await this.handleBehind(topic, { first, batch, attempt }))];
    }
  }

  /** The second half, but for deltas without a version whose predecessor in the first half cannot be applied. */
  private async handleBehind(
    topic: Topic<unknown>,
    { first, batch, attempt }: Handover & { first: readonly Outcome[] },
  ): Promise<Outcome[]> {
    const stuck = new Set(batch.flatMap(({ record }, i) => (holdsUp(first[i]) ? [record.lane] : [])));
    const second = batch.slice(first.length);
    const waits = ({ record, event }: Runnable) => isGateless(topic, event) && stuck.has(record.lane);
    const outcomes = await this.handle(topic, { batch: second.filter((each) => !waits(each)), attempt });
    const next = outcomes.values();
    return second.map((each) => (waits(each) ? new Unappliable(WAITS) : (next.next().value ?? new Unappliable(LOST))));
  }

  /** One at which the handler hangs was with it more than once by now. */
  private async insist(topic: Topic<unknown>, single: Handover, firstError: unknown): Promise<Outcome> {
    let error = firstError;
    for (let count = 1; count < MAX_ATTEMPTS && !(error instanceof HandlerHangs); count++) {
      try {
        const [outcome] = await this.call(topic, single);
        if (outcome !== undefined) return outcome;
      } catch (next) {
        if (isToComeAgain(next, single.attempt)) throw next;
        error = next;
      }
    }
    return new Unappliable(`the handler failed: ${describe(error)}`, stackOf(error));
  }

  private async call(topic: Topic<unknown>, { batch, attempt }: Handover): Promise<Outcome[]> {
    const handler = this.handlerOf(topic.name);
    if (!handler) throw new Error(`no handler for ${topic.name}`);
    const { limitMs } = ATTEMPTS[attempt];
    const work = handler(batch.map(({ event }) => event));
    const outcomes: unknown = await limited(work, limitMs, () => this.pingStore());
    if (!Array.isArray(outcomes) || outcomes.length !== batch.length || !outcomes.every(isOutcome)) {
      throw new Error(`the handler of ${topic.name} must return an outcome for each of the ${batch.length} events`);
    }
    return outcomes;
  }
}

/** The store answers, the handler does not. What it does when it comes back after all is gated as everything is. */
export class HandlerHangs extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms, although the store answers`);
    this.name = 'HandlerHangs';
  }
}

/** Handlers wait for nothing but the store: one that waits with it says nothing about its events. */
class StoreTooSlow extends Error {
  constructor(limitMs: number, cause: unknown) {
    super(`the handler did not answer within ${limitMs} ms, nor does the store: ${describe(cause)}`, { cause });
    this.name = 'StoreTooSlow';
  }
}

/** Trouble that passes by itself: the same events will be applied later, none of them is at fault. */
export function isTransient(error: unknown): boolean {
  return (
    isStoreTrouble(error) ||
    error instanceof VersionConflict ||
    error instanceof OutboxFull ||
    error instanceof StoreTooSlow
  );
}

function isToComeAgain(error: unknown, attempt: Attempt): boolean {
  return isTransient(error) || (error instanceof HandlerHangs && attempt < LAST_ATTEMPT);
}

/** Nothing but its place in the lane tells the order of such an event. */
export function isGateless(topic: Topic<unknown>, event: IncomingEvent<unknown>): boolean {
  return topic.ordering === 'delta' && event.version === undefined;
}

/** Whether what follows in the lane has to wait. */
function holdsUp(outcome: Outcome | undefined): boolean {
  return outcome instanceof Unappliable && !(outcome instanceof TooEarly);
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'applied' || value === 'duplicate' || value === 'ignored' || value instanceof Unappliable;
}

async function limited<T>(work: Promise<T>, limitMs: number, pingStore: () => Promise<void>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'late');
  });
  const answer = await Promise.race([work.then((value) => ({ value })), late]).finally(() => clearTimeout(timer));
  if (answer !== 'late') return answer.value;
  try {
    await pingStore();
  } catch (error) {
    throw new StoreTooSlow(limitMs, error);
  }
  throw new HandlerHangs(limitMs);
}

const MAX_STACK_LENGTH = 4_000;

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.slice(0, MAX_STACK_LENGTH) : undefined;
}

/** An error in at most 300 characters. */
export function describe(error: unknown): string {
  return cut(error instanceof Error ? `${error.name}: ${error.message}` : (JSON.stringify(error) ?? String(error)));
}
