import { InvalidRequest } from './invalid-request';
import { jsonLimits } from './json-limits';
import { jsonPatch } from './json-patch';

const ada = { name: { first: 'Ada', last: null }, sizes: [1, 2, 3] };

function faults(patch: unknown): unknown {
  try {
    return jsonPatch(ada, patch);
  } catch (error) {
    return error instanceof InvalidRequest ? error.errors.map(({ field }) => field) : error;
  }
}

describe('a JSON Patch', () => {
  it.each([
    [[], ada],
    [[{ op: 'replace', path: '/name/first', value: 'A' }], { ...ada, name: { first: 'A', last: null } }],
    [[{ op: 'remove', path: '/sizes/0' }], { ...ada, sizes: [2, 3] }],
    [[{ op: 'add', path: '/sizes/1', value: 9 }], { ...ada, sizes: [1, 9, 2, 3] }],
    [[{ op: 'add', path: '/a~1b~0c', value: 1 }], { ...ada, 'a/b~c': 1 }],
    [
      [
        { op: 'add', path: '/a~1b~01', value: 1 },
        { op: 'replace', path: '/a~1b~01', value: 2 },
      ],
      { ...ada, 'a/b~1': 2 },
    ],
    [[{ op: 'move', from: '/sizes/0', path: '/sizes/2' }], { ...ada, sizes: [2, 3, 1] }],
    [[{ op: 'copy', from: '/name', path: '/other' }], { ...ada, other: ada.name }],
    [[{ op: 'test', path: '/name/last', value: null }], ada],
    [[{ op: 'replace', path: '', value: { all: 'new' } }], { all: 'new' }],
  ])('of %j makes %j', (patch, expected) => {
    expect(jsonPatch(ada, patch)).toEqual(expected);
    expect(ada).toEqual({ name: { first: 'Ada', last: null }, sizes: [1, 2, 3] });
  });

  it.each([
    [{ op: 'replace' }, ['']],
    [[1], ['[0]']],
    [[{ op: 'explode', path: '/name' }], ['[0].op']],
    [[{ op: 'remove' }], ['[0].path']],
    [[{ op: 'remove', path: 'name' }], ['[0].path']],
    [[{ op: 'remove', path: '/a~2' }], ['[0].path']],
    [[{ op: 'add', path: '/name' }], ['[0].value']],
    [[{ op: 'move', path: '/name' }], ['[0].from']],
    [[{ op: 'move', from: '/name', path: '/name/first' }], ['[0].path']],
    [[{ op: 'remove', path: '/zzz' }], ['[0]']],
    [[{ op: 'replace', path: '/zzz', value: 1 }], ['[0]']],
    [[{ op: 'add', path: '/sizes/9', value: 1 }], ['[0]']],
    [[{ op: 'replace', path: '/sizes/-', value: 1 }], ['[0]']],
    [[{ op: 'replace', path: '/sizes/00', value: 1 }], ['[0]']],
    [[{ op: 'replace', path: '/sizes/length', value: 1 }], ['[0]']],
    [[{ op: 'test', path: '/sizes/length', value: 3 }], ['[0]']],
    [[{ op: 'copy', from: '/sizes/-', path: '/name/first' }], ['[0]']],
    [
      [
        { op: 'add', path: '/ok', value: 1 },
        { op: 'test', path: '/name/first', value: 'B' },
      ],
      ['[1]'],
    ],
  ])('%j is refused for %j', (patch, fields) => {
    expect(faults(patch)).toEqual(fields);
  });

  it.each(['__proto__', 'constructor/prototype', 'name/__proto__'])('reaches no %s', (path) => {
    for (const operation of [
      { op: 'add', path: `/${path}/first`, value: 'yes' },
      { op: 'replace', path: `/${path}`, value: { polluted: 'yes' } },
      { op: 'remove', path: `/${path}/name` },
      { op: 'test', path: `/${path}/name/first`, value: 'Ada' },
      { op: 'copy', from: `/${path}/name`, path: '/other' },
    ])
      expect(faults([operation])).toEqual(['[0]']);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('may carry as much as a body has, and no more', () => {
    const half = 'x'.repeat(jsonLimits.characters / 2 - 10);
    const add = { op: 'add', path: '/half', value: half };
    const again = (op: 'copy' | 'move', from: string, path: string) => ({ op, from, path });
    expect(jsonPatch(ada, [add, again('copy', '/half', '/a'), again('move', '/a', '/b')])).toEqual({
      ...ada,
      half,
      b: half,
    });
    expect(faults([add, ...['/a', '/b', '/c'].map((path) => again('copy', '/half', path))])).toEqual(['[3]']);
    expect(faults([add, again('copy', '/half', '/a'), again('move', '/a', '/b'), again('move', '/b', '/a')])).toEqual([
      '[3]',
    ]);
    const many = { op: 'add', path: '/many', value: Array.from({ length: 6_000 }, () => []) };
    expect(faults([many, again('copy', '/many', '/a')])).toHaveProperty('many.length', 6_000);
    expect(faults([many, again('copy', '/many', '/a'), again('copy', '/many', '/b')])).toEqual(['[2]']);
  });

  it('does not grow without end', () => {
    const double = Array.from({ length: 100 }, (_, index) => ({ op: 'copy', from: '', path: `/again${index}` }));
    expect(faults(double)).toEqual([expect.stringMatching(/^\[\d+\]$/)]);
    expect(faults(Array.from({ length: 201 }, () => ({ op: 'test', path: '/sizes/0', value: 1 })))).toEqual(['']);
  });

  it('does not nest without end', () => {
    const levels = 490;
    const value = JSON.parse(`${'['.repeat(levels)}0${']'.repeat(levels)}`) as unknown;
    const innermost = `/x${'/0'.repeat(levels)}`;
    const add = { op: 'add', path: '/x', value };
    expect(faults([add, { op: 'copy', from: '/x', path: innermost }])).toEqual(['[1]']);
    expect(faults([add, { ...add, path: '/y' }, { op: 'move', from: '/y', path: innermost }])).toEqual(['[2]']);
    expect(faults([add, { ...add, path: innermost }])).toEqual(['[1]']);
  });

  it.each(['/name/0', '/name/length', '/name/x/y', '/age/x', '/none/x', '/list/0/x'])(
    'puts nothing into a text or a number: %s',
    (path) => {
      const current = { name: 'Ann', age: 7, none: null, list: ['a'] };
      const message = expect.stringContaining(`there is no place '${path}'`) as string;
      const refused = expect.objectContaining({ message }) as Error;
      expect(() => jsonPatch(current, [{ op: 'add', path, value: 1 }])).toThrow(refused);
      expect(() => jsonPatch(current, [{ op: 'copy', from: '/name', path }])).toThrow(refused);
      expect(() => jsonPatch(current, [{ op: 'move', from: '/list', path }])).toThrow(InvalidRequest);
    },
  );

  it('tests large arrays in linear time', () => {
    const one = Array.from({ length: 4_000 }, (_, index) => index);
    const add = { op: 'add', path: '/x', value: one };
    // element by element against each other it would be 16 million comparisons, each with a list of its own
    expect(faults([add, { op: 'test', path: '/x', value: one.map((each) => each + 0.5) }])).toEqual(['[1]']);
    expect(faults([add, { op: 'test', path: '/x', value: [...one] }])).toHaveProperty('x.length', 4_000);
  });

  it.each([
    [{ op: 'remove', path: `/${'x'.repeat(250_000)}` }, '[0].path: may have at most 1000 characters'],
    [{ op: 'copy', from: '/'.repeat(1_001), path: '/a' }, '[0].from: may have at most 1000 characters'],
    [{ op: 'remove', path: `/${'x'.repeat(999)}` }, `[0]: there is no place '/${'x'.repeat(98)}…' to remove`],
  ])('has pointers of a modest length, and repeats little of them', (operation, message) => {
    expect(() => jsonPatch(ada, [operation])).toThrow(new InvalidRequest([fieldError(message)]));
  });
});

function fieldError(text: string): { field: string; message: string } {
  const [field = '', ...message] = text.split(': ');
  return { field, message: message.join(': ') };
}
