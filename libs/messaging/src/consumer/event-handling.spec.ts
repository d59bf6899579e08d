import { jest } from '@jest/globals';
import { noteTopic } from '../../testing/note';
import { Unappliable } from '../incoming-event';
import { ATTEMPTS, type Attempt, LAST_ATTEMPT } from './attempts';
import { type EventHandler, EventHandling, HandlerHangs, isTransient, type Runnable } from './event-handling';
import { decodeRecord } from './record-decoding';

const topic = noteTopic();
const never = new Promise<never>(() => undefined);
const answers = () => Promise.resolve();

function runnable(id: string, offset: number): Runnable {
  const record = decodeRecord(topic, {
    origin: { topic: topic.name, partition: 0, offset: String(offset), timestamp: 0 },
    key: Buffer.from(id),
    value: Buffer.from(JSON.stringify({ id, text: id })),
    headers: [],
  });
  if (!record.event) throw new Error(record.fault);
  return { record, event: record.event };
}

function handled(handler: EventHandler, ids: readonly string[], attempt: Attempt, pingStore = answers) {
  const batch = ids.map(runnable);
  const result = new EventHandling(() => handler, pingStore).handle(topic, { batch, attempt });
  // looked at later than it may fail
  result.catch(() => undefined);
  return result;
}

describe('a handler that does not come back', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([0, 1] as const)('has its batch come again in smaller ones (attempt %i)', async (attempt) => {
    const result = handled(() => never, ['a', 'b'], attempt);
    await jest.advanceTimersByTimeAsync(ATTEMPTS[attempt].limitMs);
    await expect(result).rejects.toBeInstanceOf(HandlerHangs);
  });

  it('makes its event unappliable when it stands alone', async () => {
    const result = handled(() => never, ['a'], LAST_ATTEMPT);
    await jest.advanceTimersByTimeAsync(ATTEMPTS[LAST_ATTEMPT].limitMs);
    const reason = expect.stringContaining('HandlerHangs') as string;
    expect(await result).toEqual([expect.objectContaining({ reason, stack: expect.anything() as string })]);
  });

  it('is not to blame while the store does not answer either', async () => {
    const away = () => Promise.reject(new Error('no answer within 1000 ms'));
    const result = handled(() => never, ['a'], LAST_ATTEMPT, away);
    await jest.advanceTimersByTimeAsync(ATTEMPTS[LAST_ATTEMPT].limitMs);
    const error: unknown = await result.catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'StoreTooSlow' });
    expect(isTransient(error)).toBe(true);
  });

  it('does not make its late failure anybody’s', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const result = handled(() => promise, ['a'], 0);
    await jest.advanceTimersByTimeAsync(ATTEMPTS[0].limitMs);
    reject(new Error('late'));
    await expect(result).rejects.toBeInstanceOf(HandlerHangs);
  });

  it('costs an event all in all less than a group waits at a rebalance', () => {
    expect(ATTEMPTS.reduce((sum, { limitMs }) => sum + limitMs, 0)).toBeLessThan(30_000);
  });
});

describe('a handler that throws', () => {
  it('gets an event three times, alone, and its neighbours once', async () => {
    const calls: string[][] = [];
    const handler: EventHandler = async (events) => {
      const ids = events.map(({ id }) => id);
      calls.push(ids);
      if (ids.includes('bad')) throw new TypeError('bad');
      return ids.map(() => 'applied');
    };
    const outcomes = await handled(handler, ['a', 'bad', 'c', 'd'], 0);
    expect(outcomes.map((outcome) => (outcome instanceof Unappliable ? outcome.reason : outcome))).toEqual([
      'applied',
      'the handler failed: TypeError: bad',
      'applied',
      'applied',
    ]);
    expect(calls.filter((ids) => ids.length === 1 && ids[0] === 'bad')).toHaveLength(3);
  });
});
