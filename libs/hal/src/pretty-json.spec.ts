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

  it.each(['', 'a/b', '"', '\\', '\u0000\u001f', '\u007f\u2028', 'Zoë ☃', '👍', '\ud800', 'x\udc00y'])(
    'quotes %j as JSON does',
    (text) => {
      expect(prettyJson([text])).toBe(`[ ${JSON.stringify(text)} ]`);
      expect(JSON.parse(prettyJson({ [text]: 1 }))).toEqual({ [text]: 1 });
    },
  );
});
