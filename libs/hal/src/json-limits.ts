/**
 * What a JSON value that comes from outside may have at most. 10,000 values are ten times what the largest request needs;
 * a body of 256 KiB has room for 130,000, and every step after the parser would walk them.
 */
export const jsonLimits = { levels: 500, values: 10_000, characters: 256 * 1024 } as const;

/** How large a JSON value is. */
export interface JsonSize {
  /** Arrays and objects in each other: 0 for a text, 1 for `[1]`. */
  readonly levels: number;
  /** Texts, numbers, arrays, objects and so on, the outermost one included. */
  readonly values: number;
  /** About as many as its JSON text has. */
  readonly characters: number;
}

/** Measures a JSON value without recursion. It stops soon after a limit is passed: the size is then too small, but over the limit. */
export function sizeOf(value: unknown): JsonSize {
  let [levels, values, characters] = [0, 0, 0];
  let level: unknown[] = [value];
  while (level.length > 0 && levels <= jsonLimits.levels) {
    values += level.length;
    if (values > jsonLimits.values) break;
    const below: unknown[] = [];
    for (const each of level) {
      characters += textLength(each);
      if (!hasMembers(each)) continue;
      for (const member of Object.values(each)) below.push(member);
    }
    if (level.some(hasMembers)) levels++;
    level = below;
  }
  return { levels, values, characters };
}

/**
 * What is too much about a JSON text; undefined where it is within `jsonLimits`. In one pass over the text, before anything is
 * made of it; of a text that is no JSON the answer means nothing.
 */
export function excessOf(text: string): string | undefined {
  // a level has at least its two brackets, a value a character and its separator
  if (text.length < 2 * Math.min(jsonLimits.levels, jsonLimits.values)) return undefined;
  let [level, values, isOpened] = [0, 1, false];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isSpace(unit)) continue;
    const isEnd = unit === closedList || unit === closedObject;
    // a value stands at the beginning, after a comma, or first in what was opened
    if (unit === comma || (isOpened && !isEnd)) values++;
    isOpened = unit === openList || unit === openObject;
    if (isOpened) level++;
    if (isEnd) level--;
    if (level > jsonLimits.levels) return `nests more than ${jsonLimits.levels} levels`;
    if (values > jsonLimits.values) return `has more than ${jsonLimits.values} values`;
    if (unit === quote) index = endOfText(text, index);
  }
  return undefined;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closedList, openObject, closedObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the quote is that ends the JSON string which begins here. */
function endOfText(text: string, begin: number): number {
  let index = begin + 1;
  for (; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === quote) break;
    if (unit === backslash) index++;
  }
  return index;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Whether two JSON values are equal, in time that grows with the smaller one. Both must be within `jsonLimits.levels`. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (!hasMembers(one) || !hasMembers(other)) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (Array.isArray(one) && one.length !== (other as unknown[]).length) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  const [left, right] = [one, other] as readonly Record<string, unknown>[] as [Members, Members];
  return names.every((name) => Object.hasOwn(right, name) && isSameJson(left[name], right[name]));
}

type Members = Readonly<Record<string, unknown>>;

/** Of a value without its members, but with their names. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (!hasMembers(value)) return String(value).length + 1;
  if (Array.isArray(value)) return 3;
  return Object.keys(value).reduce((sum, name) => sum + name.length + 3, 3);
}

function hasMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
