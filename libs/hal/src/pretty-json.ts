/** JSON laid out as Jackson's pretty printer does: `"name" : value`, `[ 1, 2 ]`, `[ ]`. Undefined members are left out. */
export function prettyJson(value: unknown): string {
  return print(value, '') ?? 'null';
}

function print(value: unknown, indent: string): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return printArray(value, indent);
  if (hasToJson(value)) return print(value.toJSON(), indent);
  return printObject(value, indent);
}

function printArray(values: readonly unknown[], indent: string): string {
  if (values.length === 0) return '[ ]';
  return `[ ${values.map((value) => print(value, indent) ?? 'null').join(', ')} ]`;
}

function printObject(value: object, indent: string): string {
  const inner = `${indent}  `;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = print(member, inner);
    if (text !== undefined) members.push(`${inner}${JSON.stringify(name)} : ${text}`);
  }
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
