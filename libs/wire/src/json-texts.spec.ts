import { halfCharacterIn, invalidUtf8In, withoutByteOrderMark } from './json-texts';

const half = (json: string) => halfCharacterIn(json, JSON.parse(json));
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

describe('half of a character', () => {
  it.each([
    ['{"name":{"lastName":"Sm\\ud800ith"}}', ['name', 'lastName']],
    ['{"addresses":[{"city":"a"},{"city":"\\uDC00"}]}', ['addresses', 1, 'city']],
    ['{"a":[{"b\\udbff":1}]}', ['a', 0, 'b\udbff']],
    ['"\\ud83d"', []],
    ['["\\ud83d\\ude00","\\ude00\\ud83d"]', [1]],
  ])('is found in %s', (json, path) => {
    expect(half(json)).toEqual(path);
  });

  it.each(['{"a":"\\ud83d\\ude00"}', '{"a":"😀 \\u00e9"}', '{"a":"\\\\ud800"}', '1', 'null'])(
    'is not in %s',
    (json) => {
      expect(half(json)).toBeUndefined();
    },
  );

  it('is found however deep it stands', () => {
    const depth = 100_000;
    expect(half(`${'['.repeat(depth)}"\\ud800"${']'.repeat(depth)}`)).toHaveLength(depth);
  });
});

describe('bytes that are no UTF-8', () => {
  it.each([
    [bytes('{"name":{"title":"é","lastName":"Sm', 0xff, 'ith"}}'), ['name', 'lastName']],
    [bytes('{"a":"\ufffd","b":["x","', 0xed, 0xa0, 0x80, '"]}'), ['b', 1]],
    [bytes('{"a":"caf', 0xe9, '"}'), ['a']],
    [bytes('{"a":1,"b', 0xc3, '":2}'), [expect.stringContaining('b')]],
    [bytes('\ufeff{"a":"', 0x80, '"}'), ['a']],
    [bytes('{"a":1}', 0xff), []],
    [bytes(0xff), []],
  ])('are found in the text in which they stand (%#)', (document, path) => {
    expect(invalidUtf8In(document)).toEqual(path);
  });

  it('are not in UTF-8', () => {
    expect(invalidUtf8In(bytes('{"a":"é\ufffd😀"}'))).toBeUndefined();
  });
});

describe('a byte order mark', () => {
  it('is taken away at the beginning, and only there, once', () => {
    expect(withoutByteOrderMark('\ufeff{"a":"\ufeff"}')).toBe('{"a":"\ufeff"}');
    expect(withoutByteOrderMark('\ufeff\ufeff1')).toBe('\ufeff1');
    expect(withoutByteOrderMark('1')).toBe('1');
  });
});
