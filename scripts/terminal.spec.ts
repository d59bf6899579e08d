import { terminalWidth, wrapped } from './terminal';

describe('the width of the output', () => {
  it.each([
    [{ isTTY: true, columns: 100 }, 100],
    [{ isTTY: true, columns: 0 }, 80],
    [{ isTTY: true, columns: 3 }, 20],
    [{ isTTY: false, columns: 100 }, Infinity],
  ])('of %p is %d columns', (output, width) => {
    expect(terminalWidth(output)).toBe(width);
  });

  it('breaks lines between words, and leaves a word whole that is longer than a line', () => {
    expect(wrapped('one two three four\nfive', 9)).toBe('one two\n  three\n  four\nfive');
    expect(wrapped('  one two three', 9, 4)).toBe('  one two\n      three');
    expect(wrapped('a 0123456789abcdef b', 8)).toBe('a\n  0123456789abcdef\n  b');
    expect(wrapped('one two', Infinity)).toBe('one two');
  });
});
