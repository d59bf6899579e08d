import { bodyBytes, type HostileText } from './hostile-values';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** JSON Patches of up to 256 KiB that grow, nest, compare or repeat what is large. */
export function hostilePatches(fields: readonly (readonly string[])[]): HostileText[] {
  const many = (count: number, operation: (index: number) => Operation) =>
    Array.from({ length: count }, (_, i) => operation(i));
  const large = (characters: number) => 'x'.repeat(characters);
  const list = (count: number) => Array.from({ length: count }, (_, index) => index);
  const nest = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}0${']'.repeat(levels)}`);
  const inner = (levels: number) => `/x${'/0'.repeat(levels)}`;
  const add = (value: unknown, path = '/x'): Operation => ({ op: 'add', path, value });
  const patches: Record<string, Operation[]> = {
    'copies of everything': many(200, (i) => ({ op: 'copy', from: '', path: `/again${i}` })),
    'copies into itself': [add({}), ...many(199, () => ({ op: 'copy', from: '/x', path: '/x/x' }))],
    'copies of a long text': [add(large(200_000)), ...many(199, (i) => ({ op: 'copy', from: '/x', path: `/y${i}` }))],
    'copies over the same place': [add(list(9_000)), ...many(199, () => ({ op: 'copy', from: '/x', path: '/y' }))],
    'copies to the innermost': [add(nest(480)), ...many(9, () => ({ op: 'copy', from: '/x', path: inner(480) }))],
    'moves to and fro': [
      add(list(9_000)),
      ...many(199, (i) => (i % 2 ? { op: 'move', from: '/y', path: '/x' } : { op: 'move', from: '/x', path: '/y' })),
    ],
    'moves to the innermost': [
      add(nest(480)),
      ...many(60, (i) => add(nest(480), `/y${i}`)),
      ...many(60, (i) => ({ op: 'move', from: `/y${i}`, path: inner(480) })),
    ],
    'moves into itself': [add({ y: {} }), { op: 'move', from: '/x', path: '/x/y' }],
    'a test of other lists': [add(list(4_000)), { op: 'test', path: '/x', value: list(4_000).toReversed() }],
    'tests of a large list': [add(list(4_000)), ...many(9, () => ({ op: 'test', path: '/x', value: list(4_000) }))],
    'ever more operations': many(5_000, () => ({ op: 'test', path: '/name', value: 1 })),
    'insertions at the front': [add([]), ...many(199, () => add(list(200), '/x/0'))],
    'removals from the front': [add(list(9_000)), ...many(199, () => ({ op: 'remove', path: '/x/0' }))],
    'a long pointer': [{ op: 'remove', path: `/${large(bodyBytes - 100)}` }],
    'a deep pointer': [{ op: 'add', path: '/a'.repeat(bodyBytes / 2 - 100), value: 1 }],
    'a long pointer to copy from': [{ op: 'copy', from: `/${large(bodyBytes - 100)}`, path: '/x' }],
    'a pointer of escapes': [{ op: 'test', path: `/${'~1'.repeat(bodyBytes / 2 - 100)}`, value: 1 }],
    'a pointer with a fault at its end': [{ op: 'test', path: `/${large(bodyBytes - 100)}~`, value: 1 }],
    'a large index': [add([]), add(1, '/x/99999999999999999999')],
    'a long operation': [{ op: large(bodyBytes - 100), path: '/x' }],
    'everything replaced': [{ op: 'replace', path: '', value: large(bodyBytes - 100) }],
  };
  const ofFields = fields.slice(0, 5).map((path): [string, Operation[]] => {
    const pointer = `/${path.join('/')}`;
    return [`a long ${path.join('.')}`, [{ op: 'replace', path: pointer, value: large(bodyBytes - 200) }]];
  });
  return [...Object.entries(patches), ...ofFields].map(([name, patch]) => ({ name, text: JSON.stringify(patch) }));
}
