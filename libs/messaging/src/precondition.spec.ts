import { VersionMismatch } from './failures';
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

  it.each<[Precondition, number | undefined, string]>([
    [{ anyOf: [1, 2] }, 3, 'c1 is at version 3, and version 1 or 2 was expected.'],
    [{ anyOf: [-1] }, 3, 'c1 is at version 3, and version of another ETag was expected.'],
    [{ anyOf: '*' }, undefined, 'There is no c1, and it must exist.'],
    [{ noneOf: [3] }, 3, 'c1 is at version 3, which the request excludes.'],
    [{ noneOf: '*' }, 3, 'c1 is at version 3, and it must not exist.'],
  ])('%j that is not met at %s says so', (precondition, version, message) => {
    expect(new VersionMismatch('c1', version, precondition).message).toBe(message);
  });
});
