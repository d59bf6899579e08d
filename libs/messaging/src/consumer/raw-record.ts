import type { KafkaMessage } from 'kafkajs';
import type { RecordOrigin } from '../incoming-event';

/** A record as it came, byte by byte: what a lane keeps. */
export interface RawRecord {
  readonly origin: RecordOrigin;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A name may come several times, and without a value. */
  readonly headers: readonly RawHeader[];
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
    headers: Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).filter(isFromKafka).map((bytes) => ({ name, value: rawBytes(bytes) })),
    ),
  };
}

/**
 * kafkajs gathers the values of a name in a plain object, where it finds Object's own `constructor`, `toString` or `__proto__`
 * first and takes it for a value.
 */
function isFromKafka(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array || value === null || value === undefined;
}

/** kafkajs' types know no header without a value; Kafka does. */
function rawBytes(value: Buffer | string | null | undefined): Buffer | null {
  return value === null || value === undefined ? null : Buffer.from(value);
}
