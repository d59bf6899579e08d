import { boundedFailure } from './bounded-failure';

const failure = { status: 400, isAboutRouting: false, isUnexpected: false };
const faults = (count: number, message: string) =>
  Array.from({ length: count }, (_, i) => ({ field: `a[${i}]`, message }));

describe('a failure', () => {
  it('of a modest size is told as it is', () => {
    const modest = { ...failure, message: 'mm '.repeat(166), errors: faults(50, 'x'.repeat(100)) };
    expect(boundedFailure(modest)).toEqual(modest);
  });

  it('has 50 faults at most', () => {
    expect(boundedFailure({ ...failure, message: '', errors: faults(51, 'x') }).errors).toHaveLength(50);
  });

  it('has short texts', () => {
    const errors = [{ field: 'f'.repeat(250_000), message: 'm '.repeat(250_000) }];
    expect(boundedFailure({ ...failure, message: `Cannot GET /${'x'.repeat(400)} here`, errors })).toEqual({
      ...failure,
      message: `Cannot GET /${'x'.repeat(98)}… here`,
      errors: [{ field: `${'f'.repeat(99)}…`, message: `${'m '.repeat(149)}m…` }],
    });
  });

  it.each(['x', '\u0000', 'ä', '\ud83d\ude00'])('fits into 16 KiB, full of %j too', (unit) => {
    const message = unit.repeat(1_000);
    const bounded = boundedFailure({ ...failure, message, errors: faults(1_000, message) });
    expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThan(16 * 1024);
    expect(bounded.errors?.length).toBeGreaterThan(3);
    expect(JSON.stringify(bounded).isWellFormed()).toBe(true);
  });
});
