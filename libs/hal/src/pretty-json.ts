/** What JSON takes as it is, lone surrogates aside: most texts, so that few go the long way. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
/** Together 64,000 characters: documents have few names, and short ones. */
const maxNames = 1000;
const maxNameChars = 64;
const names = new Map<string, string>();
const breaks: string[] = ['\n'];

/** A value that is laid out already, for the depth at which it stands. */
export class Printed {
  constructor(readonly text: string) {}
}

/**
 * JSON laid out as Jackson's pretty printer does: `"name" : value`, `[ 1, 2 ]`, `[ ]`. Undefined members are left out. `depth`
 * is the number of objects around the value, 0 for a whole document.
 */
export function prettyJson(value: unknown, depth = 0): string {
  return print(value, depth) ?? 'null';
}

function print(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return printArray(value, depth);
  if (value instanceof Printed) return value.text;
  if (hasToJson(value)) return print(value.toJSON(), depth);
  return printObject(value as Record<string, unknown>, depth);
}

function printArray(values: readonly unknown[], depth: number): string {
  if (values.length === 0) return '[ ]';
  let text = '';
  for (const value of values) text += `${text === '' ? '[ ' : ', '}${print(value, depth) ?? 'null'}`;
  return `${text} ]`;
}

function printObject(value: Record<string, unknown>, depth: number): string {
  const lineBreak = breakAt(depth + 1);
  let text = '';
  for (const name of Object.keys(value)) {
    const member = print(value[name], depth + 1);
    if (member !== undefined) text += (text === '' ? '{' : ',') + lineBreak + named(name) + member;
  }
  return text === '' ? '{ }' : `${text}${breakAt(depth)}}`;
}

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Documents of a kind have the same names: each is quoted once. */
function named(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = `${quoted(name)} : `;
  if (names.size < maxNames && name.length <= maxNameChars) names.set(name, text);
  return text;
}

function breakAt(depth: number): string {
  return (breaks[depth] ??= `\n${'  '.repeat(depth)}`);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
