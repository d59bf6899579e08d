import type { Seeded } from '../faults/seeded';
import type { Endpoint, Schema } from './endpoints';
import { hostilePatches } from './hostile-patches';
import { bodyBytes, type HostileText, hostileValues } from './hostile-values';

export interface HostileBody extends HostileText {
  readonly type: string;
}

/** Names of fields that operators' endpoints have, whose schemas are in no document. */
const otherNames = ['guids', 'ids', 'above', 'topic', 'reason', 'configuredLevel'];

/** Bodies of up to 256 KiB for a request: every hostile value as the body, in an unknown field, and in each field that it has. */
export function hostileBodies({ method, schema }: Endpoint, random: Seeded): HostileBody[] {
  const values = hostileValues(bodyBytes - 4_096);
  const fields = schema ? fieldsOf(schema) : otherNames.map((name) => [name]);
  const valid = schema ? example(schema) : {};
  const whole = values.map(({ name, text }) => ({ name: `${name} as the body`, text }));
  const unknown = values.map((value) => inside(valid, ['unknown'], value));
  // a few of the seed's choice in every field, as all of them would take minutes
  const known = fields.flatMap((path) =>
    Array.from({ length: 3 }, () => random.pick(values)).flatMap((value) => (value ? inside(valid, path, value) : [])),
  );
  const lists = schema ? fullLists(schema, valid) : [];
  const mixed = Array.from({ length: 10 }, (_, index) => mixture(`mixture ${index}`, { fields, valid, random }));
  const types = method === 'PATCH' ? ['application/json', 'application/merge-patch+json'] : ['application/json'];
  const bodies = types.flatMap((type) =>
    [...whole, ...unknown, ...known, ...lists, ...mixed].map((body) => ({ ...body, type })),
  );
  if (method !== 'PATCH') return bodies;
  const patches = [...whole, ...hostilePatches(fields)];
  return [...bodies, ...patches.map((body) => ({ ...body, type: 'application/json-patch+json' }))];
}

/** The example with the value where the path leads, whatever is there. */
function inside(valid: unknown, path: readonly string[], { name, text }: HostileText): HostileText {
  const mark = '"<hostile>"';
  const body = JSON.stringify(withAt(valid, path, '<hostile>'));
  return { name: `${name} in ${path.join('.')}`, text: body.replace(mark, () => text) };
}

/** Every list full of valid elements, of elements that are nearly so, and of elements without their first field. */
function fullLists(schema: Schema, valid: unknown): HostileText[] {
  return listsOf(schema).flatMap(({ path, items }) => {
    const element = example(items);
    const elements = isObject(element)
      ? [
          element,
          { ...element, [Object.keys(element)[0] ?? 'a']: 7 },
          Object.fromEntries(Object.entries(element).slice(1)),
        ]
      : [element];
    return [{}, ...elements].map((each, index) => {
      const text = JSON.stringify(each);
      const count = Math.floor((bodyBytes - 4_096) / (text.length + 1));
      const list = `[${Array.from({ length: count }, () => text).join(',')}]`;
      return inside(valid, path, { name: `${count} elements (${index})`, text: list });
    });
  });
}

interface Ingredients {
  readonly fields: readonly (readonly string[])[];
  readonly valid: unknown;
  readonly random: Seeded;
}

/** Several fields with a share of the bytes each. */
function mixture(name: string, { fields, valid, random }: Ingredients): HostileText {
  const count = random.between(2, 6);
  const values = hostileValues(Math.floor((bodyBytes - 8_192) / count));
  const paths = Array.from({ length: count }, (_, index) => random.pick(fields) ?? [`unknown${index}`]);
  let text = JSON.stringify(paths.reduce((body, path, index) => withAt(body, path, `<${index}>`), valid));
  for (const index of paths.keys()) text = text.replace(`"<${index}>"`, () => random.pick(values)?.text ?? '1');
  return { name, text };
}

function withAt(value: unknown, [first, ...rest]: readonly string[], put: unknown): unknown {
  if (first === undefined) return put;
  const members = isObject(value) ? value : {};
  if (Array.isArray(value)) return [withAt(value[0], [first, ...rest].slice(first === '0' ? 1 : 0), put)];
  return { ...members, [first]: withAt(members[first], rest, put) };
}

function fieldsOf(schema: Schema, path: readonly string[] = []): (readonly string[])[] {
  const { properties = {}, items } = notNull(schema);
  if (items) return fieldsOf(items, [...path, '0']);
  return Object.entries(properties).flatMap(([name, each]) => [[...path, name], ...fieldsOf(each, [...path, name])]);
}

function listsOf(schema: Schema, path: readonly string[] = []): { path: readonly string[]; items: Schema }[] {
  const { properties = {}, items } = notNull(schema);
  if (items) return [{ path, items }];
  return Object.entries(properties).flatMap(([name, each]) => listsOf(each, [...path, name]));
}

/** The smallest body that the schema allows, but with one element in each list. */
export function example(schema: Schema): unknown {
  const { type, properties, items, enum: options } = notNull(schema);
  if (options) return options[0];
  if (items) return [example(items)];
  if (properties) return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, example(each)]));
  const [first] = [type].flat();
  return first === 'integer' || first === 'number' ? 1 : first === 'boolean' ? true : 'x';
}

function notNull(schema: Schema): Schema {
  const one = schema.anyOf?.find(({ type }) => type !== 'null');
  return one ? notNull(one) : schema;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
