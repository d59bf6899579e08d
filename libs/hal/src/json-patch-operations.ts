import type { Operation } from 'rfc6902';
import { cutText } from './cut-text';
import { InvalidRequest } from './invalid-request';

const mostOperations = 200;
const mostPointerCharacters = 1_000;
/** The library passes over these in a pointer, to what comes next. */
const passedOver = ['__proto__', 'constructor', 'prototype'];
const operations: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/** A JSON Patch as its operations, none of them carried out yet. Throws InvalidRequest for what is none, naming the operation. */
export function checkedOperations(patch: unknown): readonly Operation[] {
  if (!Array.isArray(patch)) throw refusal('', 'A JSON Patch must be an array of operations.');
  if (patch.length > mostOperations) throw refusal('', `A JSON Patch may have at most ${mostOperations} operations.`);
  return patch.map(operation);
}

function operation(value: unknown, index: number): Operation {
  const field = `[${index}]`;
  if (typeof value !== 'object' || value === null) throw refusal(field, 'must be an operation');
  const { op, path, from } = value as Partial<Record<string, unknown>>;
  if (!operations.includes(op)) throw refusal(`${field}.op`, `must be one of ${operations.join(', ')}`);
  const pointer = pointerAt(`${field}.path`, path);
  const needsFrom = op === 'move' || op === 'copy';
  const pointers = needsFrom ? [pointer, pointerAt(`${field}.from`, from)] : [pointer];
  const nowhere = pointers.find((each) => each.split('/').some((token) => passedOver.includes(token)));
  if (nowhere !== undefined) throw refusal(field, `there is no place '${cutText(nowhere)}' to ${String(op)}`);
  if (op === 'move' && `${pointer}/`.startsWith(`${String(from)}/`) && pointer !== from)
    throw refusal(`${field}.path`, 'must not be inside of what is moved');
  const needsValue = op === 'add' || op === 'replace' || op === 'test';
  if (needsValue && !Object.hasOwn(value, 'value')) throw refusal(`${field}.value`, 'must be there');
  return value as Operation;
}

function pointerAt(field: string, value: unknown): string {
  if (typeof value === 'string' && value.length > mostPointerCharacters)
    throw refusal(field, `may have at most ${mostPointerCharacters} characters`);
  if (typeof value === 'string' && /^(\/([^~]|~[01])*)?$/.test(value)) return value;
  throw refusal(field, 'must be a JSON pointer, such as /name/firstName');
}

function refusal(field: string, message: string): InvalidRequest {
  return new InvalidRequest([{ field, message }]);
}
