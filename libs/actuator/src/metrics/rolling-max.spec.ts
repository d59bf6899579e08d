import { RollingMax } from './rolling-max';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

describe('the rolling maximum', () => {
  it('is the largest value of this and the last minute', () => {
    const max = new RollingMax();
    max.add(3);
    max.add(2);
    expect(max.value()).toBe(3);
    jest.advanceTimersByTime(60_000);
    max.add(1);
    expect(max.value()).toBe(3);
    jest.advanceTimersByTime(60_000);
    expect(max.value()).toBe(1);
    jest.advanceTimersByTime(60_000);
    expect(max.value()).toBe(0);
  });

  it('forgets after a long silence', () => {
    const max = new RollingMax();
    max.add(3);
    jest.advanceTimersByTime(600_000);
    expect(max.value()).toBe(0);
  });
});
