import { age, shortened, table } from './table';

describe('a table', () => {
  it('has columns as wide as their widest cell, and no blanks at the end', () => {
    expect(table([['a', 'heading'], ['wide', 'x'], ['b']])).toBe('a     heading\nwide  x\nb');
    expect(table([])).toBe('');
    expect(table([['\u001b[2J', 'x']])).toBe('\\x1b[2J  x');
  });

  it('is cut in its last column only, where it would be wider than it may be', () => {
    const rows = [
      ['lane', 'reason'],
      ['a|1', 'the value is not JSON, says the parser'],
    ];
    expect(table(rows, 32)).toBe('lane  reason\na|1   the value is not JSON, sa…');
    expect(table(rows, 44)).toBe('lane  reason\na|1   the value is not JSON, says the parser');
    expect(table(rows)).toContain('says the parser');
  });

  it('becomes a paragraph a row, with everything, where that is not enough', () => {
    const rows = [
      ['lane', 'events', 'reason'],
      ['fulfillment.order.change|1', '2', 'the value is not JSON'],
      ['fulfillment.order.change|2', '3', 'unknown order'],
    ];
    expect(table(rows, 40)).toBe(
      'lane    fulfillment.order.change|1\nevents  2\nreason  the value is not JSON\n\n' +
        'lane    fulfillment.order.change|2\nevents  3\nreason  unknown order',
    );
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
