/** A piece of a JSON schema; what it holds is as wide as JSON. */
export interface Schema {
  [keyword: string]: unknown;
}

/**
 * Changes a schema of the API server into one that refuses what the API server would drop or refuse: unknown fields. As it does,
 * not inside `allOf`, `anyOf` and `oneOf`, nor where unknown fields are kept on purpose. `$ref`s are pointed at `definitions`.
 */
export function strict(schema: Schema): Schema {
  const result: Schema = { ...loose(schema) };
  const keepsUnknown = result['x-kubernetes-preserve-unknown-fields'] === true;
  if (isSchema(result['properties']) && !('additionalProperties' in result) && !keepsUnknown) {
    result['additionalProperties'] = false;
  }
  if (result['x-kubernetes-int-or-string'] === true || result['format'] === 'int-or-string') {
    delete result['type'];
    delete result['format'];
  }
  if (result['nullable'] === true && typeof result['type'] === 'string') result['type'] = [result['type'], 'null'];
  for (const keyword of ['properties', 'definitions']) {
    const children = result[keyword];
    if (isSchema(children)) result[keyword] = mapValues(children, (child) => (isSchema(child) ? strict(child) : child));
  }
  for (const keyword of ['items', 'additionalProperties', 'not']) {
    const child = result[keyword];
    if (isSchema(child)) result[keyword] = strict(child);
  }
  return result;
}

function loose(schema: Schema): Schema {
  return mapValues(schema, (value, keyword) => {
    if (keyword === '$ref' && typeof value === 'string') return `#/definitions/${value.split('/').at(-1)}`;
    if (isSchema(value)) return loose(value);
    return Array.isArray(value) ? value.map((each: unknown) => (isSchema(each) ? loose(each) : each)) : value;
  });
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(schema: Schema, change: (value: unknown, keyword: string) => unknown): Schema {
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, change(value, keyword)]));
}
