import { VersionMismatch } from './failures';

describe('a precondition', () => {
  it.each<[ConstructorParameters<typeof VersionMismatch>[2], number | undefined, string]>([
    [{ anyOf: [1, 2] }, 3, 'c1 is at version 3, and version 1 or 2 was expected.'],
    [{ anyOf: [-1] }, 3, 'c1 is at version 3, and version of another ETag was expected.'],
    [{ anyOf: '*' }, undefined, 'There is no c1, and it must exist.'],
    [{ noneOf: [3] }, 3, 'c1 is at version 3, which the request excludes.'],
    [{ noneOf: '*' }, 3, 'c1 is at version 3, and it must not exist.'],
  ])('%j that is not met at %s says so', (precondition, version, message) => {
    expect(new VersionMismatch('c1', version, precondition).message).toBe(message);
  });
});
