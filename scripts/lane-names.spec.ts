import { laneName, laneNamed } from './lane-names';

describe('the name of a lane', () => {
  it.each([
    ['notes|plain', 'notes|plain'],
    ['notes|\u001b[2J\n\u0000\u007f\u0085', 'notes|\\x1b[2J\\x0a\\x00\\x7f\\x85'],
    ['notes|a\\x1b', 'notes|a\\\\x1b'],
    ['notes|\\', 'notes|\\\\'],
    ['notes|\u202egnp.\u2028\u{e0041}', 'notes|\\u{202e}gnp.\\u{2028}\\u{e0041}'],
    ['notes|añ😀', 'notes|añ😀'],
  ])('of %j is %s, and names it again', (id, name) => {
    expect(laneName(id)).toBe(name);
    expect(laneNamed(name)).toBe(id);
  });

  it('may be as JSON has it', () => {
    expect(laneNamed(JSON.stringify('notes|\u001b').slice(1, -1))).toBe('notes|\u001b');
  });

  it('has backslashes that stand for themselves where they begin no escape', () => {
    expect(laneNamed('notes|C:\\dir\\u{ffffff}')).toBe('notes|C:\\dir\\u{ffffff}');
  });
});
