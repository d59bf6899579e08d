import { expectedVersions, isCurrent } from './conditional-request';

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"7"', [7]],
    ['7', [7]],
    ['"7", "8"', [7, 8]],
    ['"abc","8" , W/"9"', [-1, 8, -1]],
    ['"7","a,8,b"', [7, -1]],
    ['"x,*,y"', [-1]],
    ['"abc"', [-1]],
    ['W/"7"', [-1]],
    ['""', [-1]],
  ])('%s expects versions %j', (header, versions) => {
    expect(expectedVersions(header)).toEqual(versions);
  });

  it.each([
    '',
    ' ',
    ',',
    '"7", *',
    '*, "7"',
    '*,*',
    '"7',
    '7"',
    Array.from({ length: 51 }, (_, n) => `"${n}"`).join(','),
  ])('is a 400 where it is %j', (header) => {
    expect(() => expectedVersions(header)).toThrow('If-Match: "*" or a list of at most 50 tags is expected');
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
