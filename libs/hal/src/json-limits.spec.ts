import { excessOf, isSameJson, jsonLimits, sizeOf } from './json-limits';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const wide = (values: number) => JSON.stringify(Array.from({ length: values - 1 }, () => 0));

/** A linear congruential generator: the same trees in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function tree(random: () => number, levels: number): unknown {
  const kind = Math.floor(random() * 6);
  if (levels === 0 || kind < 3) return [null, 1.5, 'a,[{"\\'][kind % 3];
  const members = Array.from({ length: Math.floor(random() * 4) }, () => tree(random, levels - 1));
  return kind < 5 ? members : Object.fromEntries(members.map((member, index) => [`"k${index},`, member]));
}

describe('the size of a JSON value', () => {
  it.each([
    [1, { levels: 0, values: 1, characters: 2 }],
    ['abc', { levels: 0, values: 1, characters: 6 }],
    [[], { levels: 1, values: 1, characters: 3 }],
    [{ a: [1, { bc: null }] }, { levels: 3, values: 5, characters: 25 }],
  ])('of %j is %j', (value, size) => {
    expect(sizeOf(value)).toEqual(size);
  });
});

describe('a JSON text', () => {
  it.each([
    [nested(jsonLimits.levels), undefined],
    [nested(jsonLimits.levels + 1), 'nests more than 500 levels'],
    ['['.repeat(100_000), 'nests more than 500 levels'],
    [wide(jsonLimits.values), undefined],
    [wide(jsonLimits.values + 1), 'has more than 10000 values'],
    [` { "a" : [ ${'{ } , '.repeat(87_000)} { } ] } `, 'has more than 10000 values'],
    [`{"a":[${'{},'.repeat(9_997)}{}]}`, undefined],
    [`{"a":[${'{},'.repeat(9_998)}{}]}`, 'has more than 10000 values'],
    [`["${'[,{'.repeat(50_000)}","${String.raw`\"[,`.repeat(50_000)}","${String.raw`\\`.repeat(50_000)}"]`, undefined],
    [`["${String.raw`\\`.repeat(50_000)}"${',1'.repeat(9_998)}]`, undefined],
    [`["${String.raw`\\`.repeat(50_000)}"${',1'.repeat(9_999)}]`, 'has more than 10000 values'],
    [`["${'x'.repeat(100_000)}`, undefined],
  ])('is told where it is too much: %#', (text, excess) => {
    expect(excessOf(text)).toBe(excess);
  });

  it('has as many values as are counted in what it means', () => {
    const random = seeded(11);
    for (let run = 0; run < 200; run++) {
      const value = Array.from({ length: 30 }, () => tree(random, 5));
      const { values } = sizeOf(value);
      const filling = ',0'.repeat(jsonLimits.values - values);
      const text = JSON.stringify(value, null, run % 3).replace(/\]$/, '');
      expect([excessOf(`${text}${filling}]`), excessOf(`${text}${filling},0]`)]).toEqual([
        undefined,
        'has more than 10000 values',
      ]);
    }
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
