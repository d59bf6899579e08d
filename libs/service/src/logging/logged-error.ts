import { cut } from './log-line';

/** All that the log has of an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  /** The frames of the error and, after `caused by`, of what caused it. */
  readonly stack: string;
}

const maxMessageBytes = 1024;
const maxNameBytes = 100;
const maxFrames = 15;
const maxFrameBytes = 300;
const maxCauses = 4;
const frame = /^ {1,8}at /;

/**
 * An error as the log has it: name, message, code, stack and causes (at most 4), each cut. Nothing else: errors of the MongoDB driver carry
 * the documents of the operation in further members, and the values of a duplicate key in the message.
 */
export function loggedError(error: unknown): LoggedError {
  const { type, message, code } = summary(error);
  return { type, message, ...(code !== undefined && { code }), stack: stackOf(error).join('\n') };
}

function stackOf(error: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let cause = error; cause !== undefined && cause !== null && !seen.has(cause); cause = causeOf(cause)) {
    if (seen.size > maxCauses) break;
    seen.add(cause);
    const { type, message } = summary(cause);
    lines.push(`${lines.length === 0 ? '' : '    caused by '}${type}: ${message}`, ...framesOf(cause));
  }
  return lines;
}

function summary(error: unknown): { type: string; message: string; code?: string | number } {
  if (!(error instanceof Error)) {
    const text =
      typeof error === 'string' || typeof error === 'number' ? String(error) : `a value of type ${typeof error}`;
    return { type: 'NoError', message: cut(text, maxMessageBytes) };
  }
  const { code } = error as { readonly code?: unknown };
  return {
    type: cut(nameOf(error), maxNameBytes),
    message: cut(withoutValues(error), maxMessageBytes),
    ...(typeof code === 'number' && { code }),
    ...(typeof code === 'string' && { code: cut(code, maxNameBytes) }),
  };
}

function nameOf(error: Error): string {
  return error.name === 'Error' ? error.constructor.name : error.name;
}

/** The store's messages end with the values they are about: `dup key: { email: "…" }`, `… in element { … }`. */
function withoutValues({ name, message }: Error): string {
  const values = /^(Mongo|Bulk|Write)/.test(name) ? message.indexOf('{') : -1;
  return values < 0 ? message : `${message.slice(0, values)}{ … }`;
}

/** Only lines that are frames: a message, which comes first in a stack, may have line breaks too. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const { stack, message } = error;
  const behindMessage = Math.max(0, stack.indexOf(message)) + message.length;
  return stack
    .slice(behindMessage)
    .split('\n', maxFrames)
    .filter((line) => frame.test(line))
    .map((line) => cut(line, maxFrameBytes));
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
