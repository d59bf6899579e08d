import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';

/** Where a text stands in a JSON value: names of members and positions in arrays; empty for the value itself. */
export type TextPath = readonly (string | number)[];

const byteOrderMark = '\ufeff';

/** Returns the text without the byte order mark that it may begin with. RFC 8259 lets a reader of JSON ignore one. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/**
 * Finds the first text in a parsed JSON value that has half of a surrogate pair, which an escape such as `\ud800` leaves: UTF-8
 * has no bytes for it, so it would be stored as another text. The names of members count as texts. `json` is what the value was
 * parsed from. Returns undefined where there is none. Takes time in proportion to the length, and next to none without escapes.
 */
export function halfCharacterIn(json: string, value: unknown): TextPath | undefined {
  // what comes as UTF-8 is well-formed but for what an escape says
  if (!/\\u[dD][89a-fA-F]/.test(json)) return undefined;
  return pathOfText(value, (text) => !text.isWellFormed());
}

/**
 * Finds the text of a JSON document in which the first byte stands that makes it no UTF-8. Returns an empty path where that cannot
 * be told, and undefined where all bytes are UTF-8. Takes time in proportion to the length.
 */
export function invalidUtf8In(bytes: Uint8Array): TextPath | undefined {
  if (isUtf8(bytes)) return undefined;
  const mark = randomUUID();
  try {
    const marked: unknown = JSON.parse(withoutByteOrderMark(withMark(Buffer.from(bytes), mark)));
    return pathOfText(marked, (text) => text.includes(mark)) ?? [];
  } catch {
    // the bytes stand in no text, or what is around them is no JSON
    return [];
  }
}

/** The bytes as text, the mark where they cease to be UTF-8. */
function withMark(bytes: Buffer, mark: string): string {
  // a decoder writes another character in place of what is wrong: from there on the bytes differ
  const repaired = Buffer.from(bytes.toString());
  let position = 0;
  while (bytes[position] === repaired[position]) position++;
  return `${bytes.toString('utf8', 0, position)}${mark}${bytes.toString('utf8', position)}`;
}

interface Place {
  readonly value: unknown;
  readonly name: string | number;
  readonly parent: Place | undefined;
}

/** Without recursion: JSON may be nested as deeply as it is long. */
function pathOfText(value: unknown, isWanted: (text: string) => boolean): TextPath | undefined {
  const open: Place[] = [{ value, name: '', parent: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value: here, name } = place;
    if ((typeof here === 'string' && isWanted(here)) || (typeof name === 'string' && isWanted(name))) {
      return pathTo(place);
    }
    if (typeof here !== 'object' || here === null) continue;
    const members: [string | number, unknown][] = Array.isArray(here) ? [...here.entries()] : Object.entries(here);
    for (const [member, inner] of members.toReversed()) open.push({ value: inner, name: member, parent: place });
  }
  return undefined;
}

function pathTo(place: Place): TextPath {
  const path: (string | number)[] = [];
  for (let at = place; at.parent; at = at.parent) path.push(at.name);
  return path.toReversed();
}
