import { FailedLogins } from './failed-logins';

describe('failed log-ins', () => {
  let now = 0;
  let failed: FailedLogins;

  beforeEach(() => {
    now = 1_000_000;
    failed = new FailedLogins(() => now);
  });

  it('lock a client out after ten in a minute, until the minute is over', () => {
    for (let count = 0; count < 9; count++) failed.add('a');
    expect(failed.waitSeconds('a')).toBe(0);
    now += 20_000;
    failed.add('a');
    expect(failed.waitSeconds('a')).toBe(40);
    expect(failed.waitSeconds('b')).toBe(0);
    now += 39_500;
    expect(failed.waitSeconds('a')).toBe(1);
    now += 500;
    expect(failed.waitSeconds('a')).toBe(0);
    failed.add('a');
    expect(failed.waitSeconds('a')).toBe(0);
  });

  it('of a client that waits a minute between them never do', () => {
    for (let count = 0; count < 30; count++) {
      failed.add('a');
      now += 60_000;
    }
    expect(failed.waitSeconds('a')).toBe(0);
  });

  it('are remembered of ten thousand clients at most', () => {
    for (let count = 0; count < 10; count++) failed.add('last');
    for (let client = 0; client < 9_999; client++) failed.add(String(client));
    expect([failed.size, failed.waitSeconds('last')]).toEqual([10_000, 60]);
    for (let client = 0; client < 50_000; client++) failed.add(`more ${client}`);
    expect(failed.size).toBe(10_000);
  });
});
