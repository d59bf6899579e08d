import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { cutText } from './cut-text';
import { InvalidRequest } from './invalid-request';
import { isSameJson, jsonLimits, type JsonSize, sizeOf } from './json-limits';
import { checkedOperations } from './json-patch-operations';

/** What `copy` and `move` may still carry. */
type Allowance = Omit<JsonSize, 'levels'>;

/**
 * The value after the operations of a JSON Patch (RFC 6902), all of them or none: a path that is not there, a `test` that
 * fails, or what is no operation is an InvalidRequest that names the operation. At most 200 operations, pointers of 1,000
 * characters, 500 levels in the result; what `copy` and `move` carry together is limited as a body is (256 Ki characters, 10,000
 * values), so the result is no larger than `current`, the patch, and as much again. `current` is not changed; the result is to
 * be validated by the caller. With `passTests` every `test` holds.
 */
export function jsonPatch(current: unknown, patch: unknown, { passTests = false } = {}): unknown {
  const operations = checkedOperations(patch);
  // the library changes what it is given, and can replace only what is inside
  const document = { root: JSON.parse(JSON.stringify(current)) as unknown };
  let allowance: Allowance = jsonLimits;
  for (const [index, each] of operations.entries()) {
    if (!passTests || each.op !== 'test') allowance = apply(document, each, { index, allowance });
  }
  return document.root;
}

/** Returns what is left of the allowance. */
function apply(document: object, each: Operation, at: { index: number; allowance: Allowance }): Allowance {
  const field = `[${at.index}]`;
  const needed = neededBy(each);
  const found = needed === undefined ? undefined : lookUp(document, `/root${needed}`);
  if (needed !== undefined && !found) throw refusal(field, `there is no place '${cutText(needed)}' to ${each.op}`);
  if (each.op === 'test') {
    // not by the library, which looks for the smallest difference of two arrays: that is quadratic
    if (isSameJson(found?.value, each.value)) return at.allowance;
    throw refusal(field, `the value at '${cutText(each.path)}' is another one`);
  }
  // the library would make a property of a text or a number
  if (!hasParent(document, each.path)) throw refusal(field, `there is no place '${cutText(each.path)}' to ${each.op}`);
  const left = leftAfter(each, found?.value, { field, allowance: at.allowance });
  const [error] = applyPatch(document, [inside(each)]);
  if (error) throw refusal(field, reasonOf(error.name, each));
  return left;
}

/** What is left of the allowance when this operation puts its value where it goes. Throws where that is too much, or too deep. */
function leftAfter(
  each: Exclude<Operation, { op: 'test' }>,
  carried: unknown,
  { field, allowance }: { field: string; allowance: Allowance },
): Allowance {
  if (each.op === 'remove') return allowance;
  const { levels, values, characters } = sizeOf('value' in each ? each.value : carried);
  const above = each.path.split('/').length - 1;
  if (above + levels > jsonLimits.levels) throw refusal(field, `nests more than ${jsonLimits.levels} levels`);
  // what the patch itself brings is as large as a body may be
  if ('value' in each) return allowance;
  const left = { values: allowance.values - values, characters: allowance.characters - characters };
  if (left.values < 0 || left.characters < 0) throw refusal(field, 'makes the document too large');
  return left;
}

/** The place that has to be there before: the library takes some for one that are none, such as `-` in an array. */
function neededBy(each: Operation): string | undefined {
  if (each.op === 'move' || each.op === 'copy') return each.from;
  return each.op === 'add' ? undefined : each.path;
}

function hasParent(document: object, path: string): boolean {
  const parent = lookUp(document, `/root${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`);
  return path === '' || (typeof parent?.value === 'object' && parent.value !== null);
}

function lookUp(document: unknown, pointer: string): { value: unknown } | undefined {
  let value = document;
  for (const name of Pointer.fromJSON(pointer).tokens.slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return { value };
}

function inside(each: Operation): Operation {
  const moved = { ...each, path: `/root${each.path}` };
  return 'from' in each ? ({ ...moved, from: `/root${each.from}` } as Operation) : moved;
}

function reasonOf(error: string, { op, path }: Operation): string {
  return error === 'MissingError' ? `there is no place '${cutText(path)}' to ${op}` : `cannot be carried out`;
}

function refusal(field: string, message: string): InvalidRequest {
  return new InvalidRequest([{ field, message }]);
}
