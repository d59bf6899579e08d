import { InvalidRequest } from './invalid-request';

/**
 * Spring Data REST's merge: members are merged into objects, arrays element by element (a shorter array cuts, a longer one
 * adds), and an explicit null sets null. Neither argument is changed; the result is to be validated by the caller.
 */
export function mergePatch(current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw new InvalidRequest([{ field: '', message: 'A patch must be a JSON object.' }]);
  return merged(current, patch);
}

function merged(current: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) {
    const elements: readonly unknown[] = Array.isArray(current) ? current : [];
    return patch.map((element, index) => merged(elements[index], element));
  }
  if (!isObject(patch)) return patch;
  const members = isObject(current) ? current : {};
  const changes = Object.entries(patch).map(([name, value]) => [name, merged(members[name], value)]);
  return { ...members, ...Object.fromEntries(changes) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
