import { withoutUriCredentials } from '@storefront/actuator';
import { withoutCardNumbers } from './card-numbers-in-text';
import { withoutNamedSecrets } from './named-secrets';

/** No log line is longer, its line break included. */
export const maxLineBytes = 16 * 1024;
/** No text is longer before it becomes part of a line: what is beyond would be cut from the line anyway. */
export const maxTextCharacters = 32 * 1024;

const mostBytesOfCharacter = 3;
const maxMessageBytes = 6 * 1024;
const maxErrorTextBytes = 2 * 1024;
const maxFieldBytes = 200;
/** What a line says of itself; the other fields of a line that is too long are left out. */
const ownFields = ['level', 'time', 'pid', 'hostname', 'name', 'context', 'traceId'] as const;
/** A word in a text of a JSON line: neither white space nor a quote, written as escapes or not. */
const word = /(?:[^\s"\\]|\\[^nrt])+/g;

/**
 * A line of the log as it may be written: without card numbers, passwords and credentials, at most 16 KiB. Of a longer one its message and
 * its error remain, cut, and `cutBytes` says how long it was. Still one line of JSON.
 */
export function loggable(line: string): string {
  return bounded(withoutSecrets(line));
}

/** The line without card numbers, passwords of URIs, and secrets that a name tells; still valid JSON. Takes time in proportion to its length. */
export function withoutSecrets(line: string): string {
  const shown = withoutNamedSecrets(withoutCardNumbers(line));
  return shown.includes('://')
    ? shown.replace(word, (each) => withoutUriCredentials(each, '****', ['password']))
    : shown;
}

/** The text, or as much of its beginning as has at most `maxBytes` in a JSON line, and a mark that it was cut. */
export function cut(text: string, maxBytes: number): string {
  if (text.length * mostBytesOfCharacter <= maxBytes && bytesInLine(text) <= maxBytes) return text;
  let kept = text.slice(0, maxBytes);
  while (bytesInLine(kept) > maxBytes) kept = kept.slice(0, Math.floor(kept.length * 0.8));
  return kept.length === text.length ? text : `${kept.toWellFormed()}… (${text.length} characters)`;
}

function bounded(line: string): string {
  if (line.length * mostBytesOfCharacter <= maxLineBytes || Buffer.byteLength(line) <= maxLineBytes) return line;
  const fields = fieldsOf(line);
  const { msg, err } = fields;
  const kept = {
    ...Object.fromEntries(ownFields.map((name) => [name, shortened(fields[name], maxFieldBytes)])),
    ...(typeof err === 'object' && err !== null && { err: errorOf(err as Record<string, unknown>) }),
    msg: shortened(msg, maxMessageBytes),
    cutBytes: Buffer.byteLength(line),
  };
  return `${JSON.stringify(kept)}\n`;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
}

function errorOf({ type, message, code, stack }: Readonly<Record<string, unknown>>): object {
  return {
    type: shortened(type, maxFieldBytes),
    message: shortened(message, maxErrorTextBytes),
    code: shortened(code, maxFieldBytes),
    stack: shortened(stack, maxErrorTextBytes),
  };
}

function shortened(value: unknown, maxBytes: number): string | number | undefined {
  if (typeof value === 'string') return cut(value, maxBytes);
  return typeof value === 'number' ? value : undefined;
}

function bytesInLine(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
