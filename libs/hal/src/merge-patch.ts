import { InvalidRequest } from './invalid-request';

/**
 * Spring Data REST's merge: members are merged into objects, arrays element by element (a shorter array cuts, a longer one
 * adds), and an explicit null sets null. Neither argument is changed; the result is to be validated by the caller.
 */
export function mergePatch(current: unknown, patch: unknown): unknown {
  return merged(current, objectOf(patch), byIndex);
}

/** JSON Merge Patch (RFC 7396), but that null sets null where a member would go: arrays are replaced as a whole. */
export function replacingPatch(current: unknown, patch: unknown): unknown {
  return merged(current, objectOf(patch), (_, elements) => elements);
}

type Arrays = (current: unknown, patch: readonly unknown[], arrays: Arrays) => unknown;

function byIndex(current: unknown, patch: readonly unknown[], arrays: Arrays): unknown {
  const elements: readonly unknown[] = Array.isArray(current) ? current : [];
  return patch.map((element, index) => merged(elements[index], element, arrays));
}

function merged(current: unknown, patch: unknown, arrays: Arrays): unknown {
  if (Array.isArray(patch)) return arrays(current, patch, arrays);
  if (!isObject(patch)) return patch;
  const members = isObject(current) ? current : {};
  const changes = Object.entries(patch).map(([name, value]) => [name, merged(members[name], value, arrays)]);
  return { ...members, ...Object.fromEntries(changes) };
}

function objectOf(patch: unknown): Record<string, unknown> {
  if (isObject(patch)) return patch;
  throw new InvalidRequest([{ field: '', message: 'A patch must be a JSON object.' }]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
