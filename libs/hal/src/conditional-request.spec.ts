import { expectedVersions, isCurrent } from './conditional-request';

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"7"', [7]],
    ['7', [7]],
    ['"7", "8"', [7, 8]],
    ['"abc","8" , W/"9"', [-1, 8, -1]],
    ['"7", *', undefined],
    ['"abc"', [-1]],
    ['W/"7"', [-1]],
    ['""', [-1]],
  ])('%s expects versions %j', (header, versions) => {
    expect(expectedVersions(header)).toEqual(versions);
  });
});

describe('If-None-Match', () => {
  it.each([
    ['"7"', true],
    ['7', true],
    ['W/"7"', true],
    ['"6", "7"', true],
    ['"6"', false],
    ['*', false],
    [undefined, false],
  ])('%s has version 7: %s', (header, expected) => {
    expect(isCurrent(header, '7')).toBe(expected);
  });

  it('never has what carries no version', () => {
    expect(isCurrent('"7"', undefined)).toBe(false);
  });
});
