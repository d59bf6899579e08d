import { prettyJson } from './pretty-json';

describe('pretty JSON', () => {
  it('is laid out as Jackson does', () => {
    const value = { a: 1, none: null, list: [{ b: 'x"y' }, { c: [] }], numbers: [1, 2.5], empty: {}, left: undefined };
    expect(prettyJson(value)).toBe(
      `{
  "a" : 1,
  "none" : null,
  "list" : [ {
    "b" : "x\\"y"
  }, {
    "c" : [ ]
  } ],
  "numbers" : [ 1, 2.5 ],
  "empty" : { }
}`,
    );
  });

  it('says the same as plain JSON', () => {
    const value = { date: new Date(0), nested: [[1], [{ a: [null, undefined, true] }]], text: '☃\n' };
    expect(JSON.parse(prettyJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });
});
