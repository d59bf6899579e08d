import { PathSafeId } from './path-safe-id';

describe('an id a client chooses', () => {
  it.each(['5f5f5f5f5f5f5f5f5f5f5f5f', 'a', 'Jane.Doe_1-2~3', 'x'.repeat(64), 'Sample'])('may be %s', (id) => {
    expect(PathSafeId.parse(id)).toBe(id);
  });

  it.each([
    '',
    '.',
    '..',
    '...',
    '..a',
    'a..b',
    'a b',
    'a/b',
    'ä',
    'a%20b',
    'x'.repeat(65),
    'sample',
    'summary',
    'search',
    7,
    null,
  ])('may not be %j', (id) => {
    expect(PathSafeId.safeParse(id).success).toBe(false);
  });
});
