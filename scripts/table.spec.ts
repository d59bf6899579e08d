import { age, shortened, table } from './table';

describe('a table', () => {
  it('has columns as wide as their widest cell, and no blanks at the end', () => {
    expect(table([['a', 'heading'], ['wide', 'x'], ['b']])).toBe('a     heading\nwide  x\nb');
    expect(table([])).toBe('');
    expect(table([['\u001b[2J', 'x']])).toBe('\\x1b[2J  x');
  });

  it('shows long texts short, on one line', () => {
    expect(shortened('one\n  two', 20)).toBe('one two');
    expect(shortened('one two three', 8)).toBe('one two…');
  });

  it.each([
    [0, '0 s'],
    [119, '119 s'],
    [120, '2 min'],
    [7_199, '119 min'],
    [7_200, '2 h'],
    [172_800, '2 d'],
  ])('shows an age of %d seconds as %s', (seconds, shown) => {
    expect(age(seconds)).toBe(shown);
  });
});
