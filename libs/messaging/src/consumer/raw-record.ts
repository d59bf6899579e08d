import type { KafkaMessage } from 'kafkajs';
import type { RecordOrigin } from '../incoming-event';

/** A record as it came, byte by byte: what a lane keeps. */
export interface RawRecord {
  readonly origin: RecordOrigin;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A name may come several times, and without a value. */
  readonly headers: readonly RawHeader[];
  /** Set where it could not be opened within bounds: then `value` is null and `headers` are empty. */
  readonly withheld?: Withheld;
}

/** Why a record is known by its position only; its topic keeps the bytes until retention removes them. */
export interface Withheld {
  /** Why it was not decoded: at most 300 characters. */
  readonly reason: string;
  /** Bytes it takes on the topic (compressed, where it is). */
  readonly sizeBytes: number;
  /** SHA-256 (hex) of those bytes. */
  readonly sha256: string;
  /** First offset, where a whole compressed batch could not be opened; `origin.offset` is the last. */
  readonly firstOffset?: string;
}

export interface RawHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

export function rawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  return {
    origin: { topic, partition, offset: message.offset, timestamp: Number(message.timestamp) },
    key: message.key,
    value: message.value,
    headers: rawHeaders(message.headers),
  };
}

/** A plain loop, and no copies: with them, headers were a third of all memory that an event took on its way. */
function rawHeaders(headers: KafkaMessage['headers'] = {}): RawHeader[] {
  const raw: RawHeader[] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (Array.isArray(value)) for (const each of value) add(raw, name, each);
    else add(raw, name, value);
  }
  return raw;
}

function add(raw: RawHeader[], name: string, value: unknown): void {
  if (isFromKafka(value)) raw.push({ name, value: typeof value === 'string' ? Buffer.from(value) : (value ?? null) });
}

/**
 * kafkajs gathers the values of a name in a plain object, where it finds Object's own `constructor`, `toString` or `__proto__`
 * first and takes it for a value. And its types know no header without a value; Kafka does.
 */
function isFromKafka(value: unknown): value is Buffer | string | null | undefined {
  return Buffer.isBuffer(value) || typeof value === 'string' || value === null || value === undefined;
}
