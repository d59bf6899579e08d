const LARGEST_NUMBER = 127;
const FIRST_WORD = 128;
const LAST_WORD = 252;
const NULL = 255;
const FALSE = 254;
const TRUE = 253;

const buffer = Buffer.alloc(1024);
let length = 0;
const words = new Map<string, number>();

/**
 * A short text that two states of a model have in common exactly if they are equal. States consist of null, booleans, words,
 * integers from 0 to 127, arrays, and objects whose kind can be told by their place or their first field.
 */
export function stateKey(state: object): string {
  length = 0;
  append(state);
  return buffer.toString('latin1', 0, length);
}

function append(value: unknown): void {
  if (typeof value === 'number') put(checked(value));
  else if (typeof value === 'boolean') put(value ? TRUE : FALSE);
  else if (typeof value === 'string') put(codeOf(value));
  else if (value === null) put(NULL);
  else if (Array.isArray(value)) appendItems(value);
  else if (typeof value === 'object') appendFields(value as Record<string, unknown>);
  else throw new TypeError(`a state may not contain ${typeof value}`);
}

function appendItems(items: readonly unknown[]): void {
  put(checked(items.length));
  for (let index = 0; index < items.length; index++) append(items[index]);
}

function appendFields(fields: Record<string, unknown>): void {
  for (const name in fields) append(fields[name]);
}

function put(code: number): void {
  if (length === buffer.length) throw new RangeError('a state is too large');
  buffer[length++] = code;
}

function checked(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER) return value;
  throw new RangeError(`a state may not contain the number ${value}`);
}

function codeOf(word: string): number {
  const known = words.get(word);
  if (known !== undefined) return known;
  const code = FIRST_WORD + words.size;
  if (code > LAST_WORD) throw new RangeError('too many different words in the states');
  words.set(word, code);
  return code;
}
