import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { InvalidRequest } from './invalid-request';

const maxOperations = 200;
/** As much as a request may have: `copy` doubles. */
const maxCharacters = 256 * 1024;
/** The library passes over these in a pointer, to what comes next. */
const passedOver = ['__proto__', 'constructor', 'prototype'];
const operations: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/**
 * The value after the operations of a JSON Patch (RFC 6902), all of them or none: a path that is not there, a `test` that
 * fails, or what is no operation is an InvalidRequest that names the operation. `current` is not changed; the result is to be
 * validated by the caller. With `passTests` every `test` holds.
 */
export function jsonPatch(current: unknown, patch: unknown, { passTests = false } = {}): unknown {
  if (!Array.isArray(patch)) throw refusal('', 'A JSON Patch must be an array of operations.');
  if (patch.length > maxOperations) throw refusal('', `A JSON Patch may have at most ${maxOperations} operations.`);
  const checked = patch.map(operation);
  // the library changes what it is given, and can replace only what is inside
  const document = { root: JSON.parse(JSON.stringify(current)) as unknown };
  for (const [index, each] of checked.entries()) {
    if (!passTests || each.op !== 'test') apply(document, each, `[${index}]`);
  }
  return document.root;
}

function apply(document: object, each: Operation, field: string): void {
  const needed = neededBy(each).find((pointer) => !isThere(document, `/root${pointer}`));
  if (needed !== undefined) throw refusal(field, `there is no place '${needed}' to ${each.op}`);
  const [error] = applyPatch(document, [inside(each)]);
  if (error) throw refusal(field, reasonOf(error.name, each));
  const isTooLarge = each.op === 'copy' && JSON.stringify(document).length > maxCharacters;
  if (isTooLarge) throw refusal(field, 'makes the document too large');
}

/** What has to be there before: the library takes some places for one that are none, such as `-` in an array. */
function neededBy(each: Operation): readonly string[] {
  if (each.op === 'move' || each.op === 'copy') return [each.from];
  return each.op === 'remove' || each.op === 'replace' || each.op === 'test' ? [each.path] : [];
}

function isThere(document: unknown, pointer: string): boolean {
  let value = document;
  for (const name of Pointer.fromJSON(pointer).tokens.slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(name)) return false;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return true;
}

function inside(each: Operation): Operation {
  const moved = { ...each, path: `/root${each.path}` };
  return 'from' in each ? ({ ...moved, from: `/root${each.from}` } as Operation) : moved;
}

function operation(value: unknown, index: number): Operation {
  const field = `[${index}]`;
  if (typeof value !== 'object' || value === null) throw refusal(field, 'must be an operation');
  const { op, path, from } = value as Partial<Record<string, unknown>>;
  if (!operations.includes(op)) throw refusal(`${field}.op`, `must be one of ${operations.join(', ')}`);
  if (!isPointer(path)) throw refusal(`${field}.path`, 'must be a JSON pointer, such as /name/firstName');
  const needsFrom = op === 'move' || op === 'copy';
  if (needsFrom && !isPointer(from)) throw refusal(`${field}.from`, 'must be a JSON pointer, such as /name/firstName');
  const pointers = needsFrom ? [path, String(from)] : [path];
  const nowhere = pointers.find((pointer) => pointer.split('/').some((token) => passedOver.includes(token)));
  if (nowhere !== undefined) throw refusal(field, `there is no place '${nowhere}' to ${String(op)}`);
  if (op === 'move' && `${path}/`.startsWith(`${String(from)}/`) && path !== from)
    throw refusal(`${field}.path`, 'must not be inside of what is moved');
  const needsValue = op === 'add' || op === 'replace' || op === 'test';
  if (needsValue && !('value' in value)) throw refusal(`${field}.value`, 'must be there');
  return value as Operation;
}

function isPointer(value: unknown): value is string {
  return typeof value === 'string' && /^(\/([^~]|~[01])*)?$/.test(value);
}

function reasonOf(error: string, { op, path }: Operation): string {
  if (error === 'TestError') return `the value at '${path}' is another one`;
  return error === 'MissingError' ? `there is no place '${path}' to ${op}` : `cannot be carried out`;
}

function refusal(field: string, message: string): InvalidRequest {
  return new InvalidRequest([{ field, message }]);
}
