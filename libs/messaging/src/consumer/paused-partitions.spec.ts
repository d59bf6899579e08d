import { Registry } from 'prom-client';
import { MessagingMetrics } from '../metrics';
import { StoreUnavailable } from '../failures';
import { PausedPartitions } from './paused-partitions';

describe('a paused partition', () => {
  const error = new Error('store away');
  let resumed: string[];
  let metrics: MessagingMetrics;

  beforeEach(() => {
    jest.useFakeTimers();
    resumed = [];
    metrics = new MessagingMetrics(new Registry());
  });
  afterEach(() => jest.useRealTimers());

  const pause = (paused: PausedPartitions, who: string, partition = 0) =>
    paused.pause('notes', partition, { pause: () => () => resumed.push(who), error });

  it('is resumed after 200 ms, then later each time it fails, at most every 10 s', () => {
    const paused = new PausedPartitions(metrics);
    const delays = Array.from({ length: 8 }, (_, failure) => {
      pause(paused, 'it');
      let waited = 0;
      for (; resumed.length === failure; waited += 100) jest.advanceTimersByTime(100);
      return waited;
    });
    expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('starts again at 200 ms after it succeeded, and is told while it lasts', () => {
    const paused = new PausedPartitions(metrics);
    pause(paused, 'first');
    pause(paused, 'other', 1);
    expect(paused.reason).toBe('notes[1]: store away');
    jest.advanceTimersByTime(200);
    paused.succeeded('notes', 0);
    expect(paused.reason).toBeDefined();
    paused.succeeded('notes', 1);
    expect(paused.reason).toBeUndefined();
    pause(paused, 'again');
    jest.advanceTimersByTime(200);
    expect(resumed).toEqual(['first', 'other', 'again']);
  });

  it('tells what it waits for, one thing at a time', async () => {
    const paused = new PausedPartitions(metrics);
    const reasons: unknown[] = [];
    for (const why of [new StoreUnavailable(), error]) {
      paused.pause('notes', 0, { pause: () => () => undefined, error: why });
      const { values } = await metrics.paused.get();
      reasons.push(values.filter(({ value }) => value === 1).map(({ labels }) => labels.reason));
    }
    expect(reasons).toEqual([['store'], ['defect']]);
    paused.succeeded('notes', 0);
    expect((await metrics.paused.get()).values.every(({ value }) => value === 0)).toBe(true);
  });

  it('of an ended session neither resumes nor pauses anything any more', () => {
    const [old, next] = [new PausedPartitions(metrics), new PausedPartitions(metrics)];
    pause(old, 'old');
    old.close();
    pause(next, 'next');
    pause(old, 'old, late');
    jest.advanceTimersByTime(60_000);
    expect(resumed).toEqual(['next']);
    expect(old.reason).toBeUndefined();
  });

  it('is resumed after a rebalance too, but no longer told as trouble of this member', async () => {
    const paused = new PausedPartitions(metrics);
    pause(paused, 'it');
    paused.reassigned();
    expect(paused.reason).toBeUndefined();
    expect((await metrics.paused.get()).values).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(resumed).toEqual(['it']);
  });
});
