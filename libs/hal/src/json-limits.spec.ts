import { excessOf, isSameJson, jsonLimits, sizeOf } from './json-limits';

const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
const wide = (values: number) => Array.from({ length: values - 1 }, () => 0);

describe('the size of a JSON value', () => {
  it.each([
    [1, { levels: 0, values: 1, characters: 2 }],
    ['abc', { levels: 0, values: 1, characters: 6 }],
    [[], { levels: 1, values: 1, characters: 3 }],
    [{ a: [1, { bc: null }] }, { levels: 3, values: 5, characters: 25 }],
  ])('of %j is %j', (value, size) => {
    expect(sizeOf(value)).toEqual(size);
  });

  it.each([
    [nested(jsonLimits.levels), undefined],
    [nested(jsonLimits.levels + 1), 'nests more than 500 levels'],
    [nested(100_000), 'nests more than 500 levels'],
    [wide(jsonLimits.values), undefined],
    [wide(jsonLimits.values + 1), 'has more than 10000 values'],
    [{ a: Array.from({ length: 87_000 }, () => ({})) }, 'has more than 10000 values'],
  ])('is told where it is too much', (value, excess) => {
    expect(excessOf('x'.repeat(256 * 1024), value)).toBe(excess);
  });
});

describe('two JSON values', () => {
  it.each([
    [1, 1, true],
    [0, JSON.parse('-0'), true],
    [1, '1', false],
    [null, {}, false],
    [[], {}, false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{ a: 1, b: [null] }, { b: [null], a: 1 }, true],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ toString: 1 }, { a: 1 }, false],
  ])('%j and %j: same is %j', (one, other, same) => {
    expect(isSameJson(one, other)).toBe(same);
    expect(isSameJson(other, one)).toBe(same);
  });
});
