import { InvalidRequest } from './invalid-request';
import { mergePatch, replacingPatch } from './merge-patch';

describe('a merge patch', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['merges members', { a: 1, b: { c: 2, d: 3 } }, { b: { c: 4 } }, { a: 1, b: { c: 4, d: 3 } }],
    ['adds members', { a: 1 }, { b: { c: 2 } }, { a: 1, b: { c: 2 } }],
    ['sets null where it says null', { a: 1, b: { c: 2 } }, { a: null, b: { c: null } }, { a: null, b: { c: null } }],
    ['replaces values of another kind', { a: { b: 1 }, c: 2 }, { a: 3, c: { d: 4 } }, { a: 3, c: { d: 4 } }],
    [
      'merges arrays by index',
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      { a: [{ b: 9 }, {}] },
      { a: [{ b: 9, c: 2 }, { b: 3 }] },
    ],
    ['cuts arrays', { a: [1, 2, 3] }, { a: [1] }, { a: [1] }],
    ['extends arrays', { a: [{ b: 1 }] }, { a: [{}, { b: 2 }] }, { a: [{ b: 1 }, { b: 2 }] }],
    ['empties arrays', { a: [1] }, { a: [] }, { a: [] }],
    ['makes an array of null', { a: null }, { a: [{ b: 1 }] }, { a: [{ b: 1 }] }],
  ])('%s', (_, current, patch, expected) => {
    const before = structuredClone(current);
    expect(mergePatch(current, patch)).toEqual(expected);
    expect(current).toEqual(before);
  });

  it.each([[[]], ['x'], [1], [null], [undefined]])('cannot be %j', (patch) => {
    expect(() => mergePatch({}, patch)).toThrow(InvalidRequest);
  });
});

describe('a JSON Merge Patch', () => {
  it('merges objects, and replaces arrays as a whole', () => {
    const current = { a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, 3] };
    expect(replacingPatch(current, { a: { b: null }, list: [{ x: 9 }] })).toEqual({
      a: { b: null, c: 2 },
      list: [{ x: 9 }],
    });
    expect(() => replacingPatch(current, [])).toThrow('A patch must be a JSON object.');
  });
});
