import { Backoff } from './backoff';

test('waits twice as long each time, at most 10 s', () => {
  const backoff = new Backoff(() => 0);
  expect(Array.from({ length: 7 }, () => backoff.nextDelayMs())).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});

test('forgets earlier deaths of what has lived for 30 s', () => {
  let now = 0;
  const backoff = new Backoff(() => now);
  backoff.nextDelayMs();
  backoff.started();
  now = 29_999;
  expect(backoff.nextDelayMs()).toBe(1_000);
  backoff.started();
  now += 30_000;
  expect(backoff.nextDelayMs()).toBe(500);
});
