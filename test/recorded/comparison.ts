import type { Identities } from './identities';
import type { Answered } from './recording';

/** About the connection, not the answer. */
const transport = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];
/** On every answer of ours, whatever was asked for; libs/service/src/edge/security-headers.ts. */
const protective = [
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
];
const sets = ['allow', 'vary'];
/** Their values are other ones in every run. */
const opaque = ['etag', 'last-modified', 'link', 'location'];
const none = 'none';

/**
 * Where our answer is not what was recorded, a line each. Compared are the status, every header but those of the connection
 * (`Allow` and `Vary` as sets), texts, links, page numbers and profiles (ALPS, JSON Schema) by value, and of other JSON the shape: the names of members in
 * their order, and whether there is an object, an array (element by element, as far as both go; only empty or not beyond that), a
 * text, a number or a boolean. What may be null may be null.
 */
export function differences(recorded: Answered, ours: Answered, identities: Identities): string[] {
  return [
    ...(recorded.status === ours.status ? [] : [`status: ${recorded.status} → ${ours.status}`]),
    ...headerDifferences(recorded.headers, ours.headers, identities),
    ...bodyDifferences(recorded.body ?? '', ours.body ?? '', identities),
  ];
}

function headerDifferences(recorded: Answered['headers'], ours: Answered['headers'], identities: Identities): string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(ours)])].sort();
  return names
    .filter((name) => !transport.includes(name) && !(protective.includes(name) && recorded[name] === undefined))
    .flatMap((name) => {
      const theirs = comparable(name, recorded[name], (text) => identities.translate(text));
      const mine = comparable(name, ours[name], (text) => text);
      // what only we have may have any value
      if (recorded[name] === undefined) return [`header ${name}: ${none} → some`];
      if (theirs === mine) return [];
      const [before, after] = opaque.includes(name) ? ['some', mine === none ? none : 'other'] : [theirs, mine];
      return [`header ${name}: ${before} → ${after}`];
    });
}

function comparable(name: string, value: string | undefined, translate: (text: string) => string): string {
  if (value === undefined) return none;
  const parts = value.split(',').map((part) => part.trim());
  return sets.includes(name) ? parts.sort().join(', ') : translate(value);
}

function bodyDifferences(recorded: string, ours: string, identities: Identities): string[] {
  const [theirs, mine] = [kindOf(recorded), kindOf(ours)];
  if (theirs !== mine) return [`body: ${theirs} → ${mine}`];
  if (theirs === 'text') return identities.translate(recorded) === ours ? [] : ['body: other text'];
  if (theirs !== 'pretty JSON' && theirs !== 'JSON') return [];
  return shapeDifferences(JSON.parse(recorded), JSON.parse(ours), { path: 'body', identities });
}

function kindOf(body: string): string {
  if (body === '') return none;
  if (/^\s*</.test(body)) return 'a page';
  try {
    JSON.parse(body);
    return /^[[{]\n/.test(body) ? 'pretty JSON' : 'JSON';
  } catch {
    return 'text';
  }
}

interface Place {
  readonly path: string;
  readonly identities: Identities;
}

function shapeDifferences(theirs: unknown, mine: unknown, place: Place): string[] {
  if (Array.isArray(theirs) && Array.isArray(mine)) return elementDifferences(theirs, mine, place);
  if (isObject(theirs) && isObject(mine)) return memberDifferences(theirs, mine, place);
  const [one, other] = [typeOf(theirs), typeOf(mine)];
  const isNullScalar = (one === 'null' && isScalar(mine)) || (other === 'null' && isScalar(theirs));
  if (one !== other && !isNullScalar) return [`${place.path}: ${one} → ${other}`];
  return isByValue(place.path) ? valueDifferences(theirs, mine, place) : [];
}

/** Links lead to the same places, pages have the same numbers, and profiles say the same. */
function isByValue(path: string): boolean {
  return /\._links\b|^body\.page\.(size|number)$|^body\.(alps|title|type|properties|definitions|\$schema)\b/.test(path);
}

function valueDifferences(theirs: unknown, mine: unknown, { path, identities }: Place): string[] {
  const expected = typeof theirs === 'string' ? identities.translate(theirs) : theirs;
  return expected === mine ? [] : [`${path}: another value`];
}

function elementDifferences(theirs: readonly unknown[], mine: readonly unknown[], place: Place): string[] {
  if ((theirs.length === 0) !== (mine.length === 0)) {
    return [`${place.path}: ${theirs.length === 0 ? 'empty → not empty' : 'not empty → empty'}`];
  }
  const common = Math.min(theirs.length, mine.length);
  const all = theirs.slice(0, common).flatMap((element, index) => {
    return shapeDifferences(element, mine[index], { ...place, path: `${place.path}[]` });
  });
  return [...new Set(all)];
}

function memberDifferences(theirs: Record<string, unknown>, mine: Record<string, unknown>, place: Place): string[] {
  const [before, after] = [Object.keys(theirs), Object.keys(mine)];
  const common = before.filter((name) => name in mine);
  const order = after.filter((name) => name in theirs);
  return [
    ...before
      .filter((name) => !(name in mine))
      .map((name) => `${place.path}.${name}: ${typeOf(theirs[name])} → ${none}`),
    ...after
      .filter((name) => !(name in theirs))
      .map((name) => `${place.path}.${name}: ${none} → ${typeOf(mine[name])}`),
    ...(common.join() === order.join() ? [] : [`${place.path}: other order`]),
    ...common.flatMap((name) =>
      shapeDifferences(theirs[name], mine[name], { ...place, path: `${place.path}.${name}` }),
    ),
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
