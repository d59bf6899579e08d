import { isUtf8 } from 'node:buffer';
import { canonicalId, halfCharacterIn, invalidUtf8In, type TextPath, withoutByteOrderMark } from '@storefront/wire';
import { cut } from '../cut';
import type { IncomingEvent } from '../incoming-event';
import type { Topic } from '../topic';
import type { RawHeader, RawRecord, Withheld } from './raw-record';

/** `lane` is where the record waits if it cannot be applied; `alone`: its aggregate cannot be told, it holds up nothing. */
export type DecodedRecord = Decoded & (Good | Faulty);

interface Decoded {
  readonly raw: RawRecord;
  readonly lane: string;
  readonly alone: boolean;
}

interface Good {
  readonly event: IncomingEvent<unknown>;
}

interface Faulty {
  /** At most 300 characters. */
  readonly fault: string;
  readonly event?: undefined;
}

const MAX_ID_LENGTH = 256;
/** Of a value that is parsed: a producer of this system sends none above 900 KiB, and parsed it takes 30 times its size. */
const MAX_VALUE_BYTES = 1024 * 1024;
/** Headers that say what the event is; those of traces are nothing that an event could be refused for. */
const HEADERS_READ: ReadonlyMap<string, number> = new Map(
  ['ce_type', 'ce_id', 'ce_aggregateversion', 'ce_previousversion', 'ce_subject'].map((name, index) => [
    name,
    1 << index,
  ]),
);
/** Of an id that a reason quotes beside another one. */
const MAX_QUOTED_CHARACTERS = 100;
/** Of a key or a header that is read as text; longer ones are as good as none, and a type that is longer is unknown. */
const MAX_TEXT_BYTES = 1024;
/** Of an aggregate, versions of a thousand million million and more are nobody's: an owner can raise itself above all others. */
const DECIMAL = /^(0|[1-9]\d{0,14})$/;

/** The version in a record's header; undefined where there is none, null where it is no version, or where there are two. */
export function recordVersion(headers: readonly RawHeader[]): number | null | undefined {
  return hasTwo(headers, 'ce_aggregateversion') ? null : number(header(headers, 'ce_aggregateversion'));
}

/** When the event was written, as its producer says it; undefined where it does not. */
export function recordTime(headers: readonly RawHeader[]): string | undefined {
  return text(header(headers, 'ce_time'));
}

/** Whether its producer sent it before: its time says nothing of how long it was on its way. */
export function isResent(headers: readonly RawHeader[]): boolean {
  return text(header(headers, 'ce_resent')) === 'true';
}

/** Never throws: whatever is wrong with a record is told as its fault, and its neighbours are decoded all the same. */
export function decodeRecord(topic: Topic<unknown>, raw: RawRecord): DecodedRecord {
  const decoded = raw.withheld ? withheldRecord(topic, raw, raw.withheld) : readableRecord(topic, raw);
  return decoded.event ? decoded : { ...decoded, fault: cut(decoded.fault) };
}

/** Of a record that is known by its position only: its lane is that of its key, and else its own. */
function withheldRecord(topic: Topic<unknown>, raw: RawRecord, { reason }: Withheld): DecodedRecord {
  return { raw, ...placeOf(topic, raw, usableId(text(raw.key))), fault: reason };
}

function placeOf(
  topic: Topic<unknown>,
  { origin }: RawRecord,
  id: string | undefined,
): Pick<Decoded, 'lane' | 'alone'> {
  if (id !== undefined) return { lane: laneOf(topic.name, id), alone: false };
  return { lane: `${topic.name}:${origin.partition}:${origin.offset}`, alone: true };
}

function readableRecord(topic: Topic<unknown>, raw: RawRecord): DecodedRecord {
  const value = parse(raw.value);
  const inside = usableId(idInside(topic, value));
  const contradiction = subjectFault(raw, inside);
  if (contradiction !== undefined) return { raw, ...placeOf(topic, raw, undefined), fault: contradiction };
  const id = inside ?? usableId(text(raw.key));
  const base = { raw, ...placeOf(topic, raw, id) };
  const version = recordVersion(raw.headers);
  const previousVersion = number(header(raw.headers, 'ce_previousversion'));
  const fault =
    faultOf(topic, raw, value) ?? versionFault(topic, version, previousVersion) ?? deletionFault(value, version);
  if (fault !== undefined || id === undefined) return { ...base, fault: fault ?? 'no key, and no id in the value' };
  const checked = check(topic, value.json);
  if ('fault' in checked) return { ...base, fault: checked.fault };
  return {
    ...base,
    event: {
      id,
      value: checked.data,
      type: text(header(raw.headers, 'ce_type')),
      version: version ?? undefined,
      previousVersion: previousVersion ?? undefined,
      eventId: text(header(raw.headers, 'ce_id')),
      traceparent: text(header(raw.headers, 'traceparent')),
      origin: raw.origin,
    },
  };
}

/** Returns the lane of an aggregate, in whichever spelling its id is given. */
export function laneOf(topic: string, id: string): string {
  return `${topic}|${canonicalId(id)}`;
}

interface ParsedValue {
  readonly json?: unknown;
  readonly fault?: string;
}

function parse(value: Buffer | null): ParsedValue {
  if (value === null) return { json: null };
  if (value.length > MAX_VALUE_BYTES) {
    return { fault: `the value has ${value.length} bytes, at most ${MAX_VALUE_BYTES} are read` };
  }
  const wrong = invalidUtf8In(value);
  if (wrong) return { fault: wrong.length > 0 ? `${fieldOf(wrong)} is not UTF-8` : 'the value is not UTF-8' };
  const decoded = withoutByteOrderMark(value.toString());
  try {
    const json: unknown = JSON.parse(decoded);
    if (json === null) return { fault: 'the value is the JSON literal null' };
    const half = halfCharacterIn(decoded, json);
    return half ? { json, fault: `${fieldOf(half)} has half of a character (a lone surrogate)` } : { json };
  } catch (error) {
    return { fault: `the value is not JSON: ${messageOf(error)}` };
  }
}

/**
 * An event that names its aggregate in `ce_subject`, and another one in its value (`inside`) or as its key: whose it is cannot be told, so
 * that it waits alone. Only of producers that say type or version as those of this system do; what others mean by a subject is their own.
 */
function subjectFault({ key, headers }: RawRecord, inside: string | undefined): string | undefined {
  const subject = header(headers, 'ce_subject');
  if (subject === null) return undefined;
  const named = text(subject);
  // what almost every event is like costs no more than this
  if (named === inside && key?.equals(subject)) return undefined;
  if (!(header(headers, 'ce_aggregateversion') || header(headers, 'ce_type'))) return undefined;
  const id = usableId(named);
  const keyed = usableId(text(key));
  if (inside !== undefined && inside !== id)
    return `ce_subject ${quoted(named)} is not the id in the value, ${quoted(inside)}`;
  return keyed !== undefined && keyed !== id
    ? `ce_subject ${quoted(named)} is not the key, ${quoted(keyed)}`
    : undefined;
}

function quoted(id = '(unreadable)'): string {
  return id.length <= MAX_QUOTED_CHARACTERS ? id : `${id.slice(0, MAX_QUOTED_CHARACTERS)}…`;
}

/**
 * The id in the payload comes first where it can be told: an original service sends no key, and a key that contradicts its
 * payload must not open a second lane for the same aggregate (R11).
 */
function idInside(topic: Topic<unknown>, { json }: ParsedValue): unknown {
  try {
    return json === undefined || json === null ? undefined : topic.aggregateId(json);
  } catch {
    return undefined;
  }
}

/** A lone surrogate has no UTF-8, so two such ids would be one in the store. */
function usableId(id: unknown): string | undefined {
  if (typeof id !== 'string' || !id.isWellFormed()) return undefined;
  return id.length > 0 && id.length <= MAX_ID_LENGTH ? canonicalId(id) : undefined;
}

function check(topic: Topic<unknown>, json: unknown): { data: unknown } | { fault: string } {
  if (json === null) return { data: null };
  try {
    const checked = topic.schema.safeParse(json);
    return checked.success ? { data: checked.data } : { fault: describe(checked.error) };
  } catch (error) {
    return { fault: `the value cannot be checked: ${messageOf(error)}` };
  }
}

function faultOf(topic: Topic<unknown>, raw: RawRecord, value: ParsedValue): string | undefined {
  if (raw.withheld) return raw.withheld.reason;
  if (value.fault !== undefined) return value.fault;
  if (isUnreadable(raw.key)) return 'the key is not UTF-8';
  const wrong = headerFault(raw.headers);
  if (wrong !== undefined) return wrong;
  const named = header(raw.headers, 'ce_type');
  if (named && named.length > MAX_TEXT_BYTES) return `unknown event type of ${named.length} bytes`;
  const type = text(named);
  if (type !== undefined && !topic.types.includes(type)) return `unknown event type ${type}`;
  if (value.json === null && !topic.tombstones) return 'a record without a value does not belong on this topic';
  return undefined;
}

/** What is wrong with the headers that are read: taken as absent, or by the first of two, they would make another event of it. */
function headerFault(headers: readonly RawHeader[]): string | undefined {
  let seen = 0;
  for (const { name, value } of headers) {
    const bit = HEADERS_READ.get(name);
    if (bit === undefined) continue;
    if ((seen & bit) !== 0 && hasTwo(headers, name)) return `${name} is there twice, with two values`;
    if (isUnreadable(value)) return `${name} is not UTF-8`;
    seen |= bit;
  }
  return undefined;
}

function isUnreadable(bytes: Buffer | null): boolean {
  return bytes !== null && bytes.length <= MAX_TEXT_BYTES && !isUtf8(bytes);
}

/** null from `number` means: there, but not a version. */
function versionFault(topic: Topic<unknown>, version?: number | null, previous?: number | null): string | undefined {
  if (version === null || version === 0) return 'ce_aggregateversion is not a version';
  if (version === undefined) return undefined;
  if (previous === null || (previous !== undefined && previous >= version))
    return 'ce_previousversion is not an earlier version';
  if (topic.ordering === 'delta' && previous === undefined) return 'ce_previousversion is missing';
  return undefined;
}

/** Without a version nothing would keep a late record from raising the dead (R9). No original service deletes anything. */
function deletionFault({ json }: ParsedValue, version: number | null | undefined): string | undefined {
  return json === null && version === undefined ? 'a deletion needs a version' : undefined;
}

/** Whether a header is there more than once and not always the same. */
function hasTwo(headers: readonly RawHeader[], wanted: string): boolean {
  let first: RawHeader | undefined;
  for (const each of headers) {
    if (each.name !== wanted) continue;
    if (first === undefined) first = each;
    else if (!isSame(first.value, each.value)) return true;
  }
  return false;
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/** The first of its name. A header without a value is as good as none. */
function header(headers: readonly RawHeader[], wanted: string): Buffer | null {
  return headers.find(({ name }) => name === wanted)?.value ?? null;
}

function number(bytes: Buffer | null): number | null | undefined {
  if (bytes === null) return undefined;
  const decoded = text(bytes);
  return decoded !== undefined && DECIMAL.test(decoded) ? Number(decoded) : null;
}

function text(bytes: Buffer | null): string | undefined {
  return bytes !== null && bytes.length <= MAX_TEXT_BYTES && isUtf8(bytes) ? bytes.toString() : undefined;
}

/** As issues of a schema name it: `addresses.0.city`. */
function fieldOf(path: TextPath): string {
  return cut(path.map((name) => String(name).toWellFormed()).join('.')) || 'the value';
}

function describe(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => cut(`${cut(path.map(String).join('.')) || 'value'}: ${message}`))
    .join('; ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
