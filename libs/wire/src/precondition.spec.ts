import { isMet, type Precondition } from './precondition';

describe('a precondition', () => {
  it.each<[Precondition, number | undefined, boolean]>([
    [{}, 3, true],
    [{}, undefined, true],
    [{ anyOf: [2, 3] }, 3, true],
    [{ anyOf: [2] }, 3, false],
    [{ anyOf: [2] }, undefined, false],
    [{ anyOf: '*' }, 3, true],
    [{ anyOf: '*' }, undefined, false],
    [{ noneOf: [3] }, 3, false],
    [{ noneOf: [2] }, 3, true],
    [{ noneOf: [2] }, undefined, true],
    [{ noneOf: '*' }, 3, false],
    [{ noneOf: '*' }, undefined, true],
    [{ anyOf: [3], noneOf: [3] }, 3, false],
  ])('%j at version %s is met: %s', (precondition, version, expected) => {
    expect(isMet(precondition, version)).toBe(expected);
  });
});
