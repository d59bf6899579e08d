import { Progress } from './progress';

let nowMs = 0;
let cpuSeconds = 0;
const progress = () =>
  new Progress(
    () => cpuSeconds,
    () => nowMs,
  );

/** Asks as often as a start is looked at; returns when it was given up, s. */
function givenUpAfter(started: Progress, cpuPerSecond: number): number {
  for (; !started.isStuck(1); nowMs += 1_000) cpuSeconds += cpuPerSecond;
  return Math.floor(started.tookMs / 1_000);
}

beforeEach(() => {
  [nowMs, cpuSeconds] = [1_000, 0];
});

test('what uses no processor time is given up after a minute', () => {
  expect(givenUpAfter(progress(), 0)).toBe(61);
});

test('so is what only waits, which takes 3 % of a core', () => {
  expect(givenUpAfter(progress(), 0.03)).toBeLessThan(200);
});

test('what works on a busy machine is waited for, but not for ever', () => {
  expect(givenUpAfter(progress(), 0.1)).toBe(601);
});

test('a step that was noted begins the minute anew', () => {
  const started = progress();
  nowMs += 59_000;
  started.note();
  nowMs += 59_000;
  expect(started.isStuck(1)).toBe(false);
  nowMs += 2_000;
  expect(started.isStuck(1)).toBe(true);
});
