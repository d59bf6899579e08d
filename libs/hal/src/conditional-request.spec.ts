import { isCurrent, preconditionOf } from './conditional-request';

describe('If-Match', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
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
    expect(preconditionOf({ 'if-match': header })).toEqual({ anyOf: versions });
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
    expect(() => preconditionOf({ 'if-match': header })).toThrow(
      'If-Match: "*" or a list of at most 50 tags is expected',
    );
  });
});

describe('If-None-Match of a write', () => {
  it.each([
    ['*', '*'],
    ['"7"', [7]],
    ['"7", "8"', [7, 8]],
    ['W/"7", "abc"', [7, -1]],
  ])('%s excludes versions %j', (header, versions) => {
    expect(preconditionOf({ 'if-none-match': header })).toEqual({ noneOf: versions });
  });

  it.each(['', '"7", *', '"7'])('is a 400 where it is %j', (header) => {
    expect(() => preconditionOf({ 'if-none-match': header })).toThrow(
      'If-None-Match: "*" or a list of at most 50 tags',
    );
  });

  it('is one of two conditions where If-Match is there too', () => {
    expect(preconditionOf({ 'if-match': '"1", "2"', 'if-none-match': '"2"' })).toEqual({ anyOf: [1, 2], noneOf: [2] });
    expect(preconditionOf({})).toBeUndefined();
  });
});

describe('If-None-Match of a read', () => {
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
