import type { FetchedRecord } from '@storefront/codecs';
import type { KafkaMessage } from 'kafkajs';
import type { RecordOrigin } from '../incoming-event';

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
  /** Set where it was decoded before, and took too long: its records may be in their lanes already. */
  readonly wasDecoded?: true;
}

/** A record as it came, byte by byte: what a lane keeps. */
export interface RawRecord {
  readonly origin: RecordOrigin;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A name may come several times, and without a value. */
  readonly headers: readonly RawHeader[];
  /** Its store, or the one before it, has applied it before: the group reads it again. */
  readonly isKnown?: true;
  /** Set when the record is known by its position only: then there is no value and no header. */
  readonly withheld?: Withheld;
}

export interface RawHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

/** A record as a consumer of kafkajs is given it, whose types do not know what the decoder adds (libs/codecs). */
export function rawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  const { offset, timestamp, key, value, rawHeaders, withheld } = message as unknown as FetchedRecord;
  return {
    origin: { topic, partition, offset, timestamp: Number(timestamp) },
    key,
    value,
    headers: rawHeaders,
    ...(withheld && { withheld }),
  };
}
