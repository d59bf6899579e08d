import type { KafkaMessage } from 'kafkajs';
import type { IncomingEvent, RecordOrigin } from '../incoming-event';
import type { Topic } from '../topic';

/** A record as it came, byte by byte: what a lane keeps. */
export interface RawRecord {
  readonly origin: RecordOrigin;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** `lane` is where the record waits if it cannot be applied; `alone`: its aggregate cannot be told, it holds up nothing. */
export type DecodedRecord =
  | { readonly raw: RawRecord; readonly lane: string; readonly alone: boolean; readonly event: IncomingEvent<unknown> }
  | {
      readonly raw: RawRecord;
      readonly lane: string;
      readonly alone: boolean;
      readonly fault: string;
      readonly event?: undefined;
    };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DECIMAL = /^(0|[1-9]\d{0,15})$/;

export function rawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  const headers: Record<string, Buffer> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = Buffer.from(first);
  }
  return {
    origin: { topic, partition, offset: message.offset, timestamp: Number(message.timestamp) },
    key: message.key,
    value: message.value,
    headers,
  };
}

/** Never throws: whatever is wrong with a record is told as its fault, and its neighbours are decoded all the same. */
export function decodeRecord(topic: Topic<unknown>, raw: RawRecord): DecodedRecord {
  const value = parse(raw.value);
  const id = aggregateIdOf(topic, raw, value);
  const position = `${topic.name}:${raw.origin.partition}:${raw.origin.offset}`;
  const lane = id === undefined ? position : `${topic.name}|${id}`;
  const base = { raw, lane, alone: id === undefined };
  const version = number(raw.headers.ce_aggregateversion);
  const previousVersion = number(raw.headers.ce_previousversion);
  const fault = faultOf(topic, raw, value) ?? versionFault(topic, version, previousVersion);
  if (fault !== undefined || id === undefined) return { ...base, fault: fault ?? 'no key, and no id in the value' };
  const checked = value.json === null ? { success: true as const, data: null } : topic.schema.safeParse(value.json);
  if (!checked.success) return { ...base, fault: describe(checked.error) };
  return {
    ...base,
    event: {
      id,
      value: checked.data,
      type: text(raw.headers.ce_type),
      version: version ?? undefined,
      previousVersion: previousVersion ?? undefined,
      eventId: text(raw.headers.ce_id),
      traceparent: text(raw.headers.traceparent),
      origin: raw.origin,
    },
  };
}

interface ParsedValue {
  readonly json?: unknown;
  readonly fault?: string;
}

function parse(value: Buffer | null): ParsedValue {
  if (value === null) return { json: null };
  const decoded = text(value);
  if (decoded === undefined) return { fault: 'the value is not UTF-8' };
  try {
    const json: unknown = JSON.parse(decoded);
    return json === null ? { fault: 'the value is the JSON literal null' } : { json };
  } catch (error) {
    return { fault: `the value is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * The id in the payload comes first where it can be told: an original service sends no key, and a key that contradicts its
 * payload must not open a second lane for the same aggregate (R11).
 */
function aggregateIdOf(topic: Topic<unknown>, raw: RawRecord, value: ParsedValue): string | undefined {
  const inside = value.json === undefined || value.json === null ? undefined : topic.aggregateId(value.json);
  const key = raw.key === null ? undefined : text(raw.key);
  const id = inside ?? key;
  return id !== undefined && id.length > 0 && id.length <= 256 ? id : undefined;
}

function faultOf(topic: Topic<unknown>, raw: RawRecord, value: ParsedValue): string | undefined {
  if (value.fault !== undefined) return value.fault;
  const type = text(raw.headers.ce_type);
  if (type !== undefined && !topic.types.includes(type)) return `unknown event type ${type}`;
  if (value.json === null && !topic.tombstones) return 'a record without a value does not belong on this topic';
  return undefined;
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

function number(header: Buffer | undefined): number | null | undefined {
  if (header === undefined) return undefined;
  const decoded = text(header);
  const value = decoded !== undefined && DECIMAL.test(decoded) ? Number(decoded) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function text(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function describe(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || 'value'}: ${message}`)
    .join('; ');
}
