import { Malformed } from './cursor';
import { crc32c } from './crc32c';

/** First offset and length: what every format begins with. */
export const FRAME_BYTES = 12;
/** Where the format's number is, in every format. */
export const MAGIC_AT = 16;
export const BATCH_HEADER_BYTES = 61;
export const BATCH_MAGIC = 2;
const CRC_AT = 17;
const CHECKED_FROM = 21;

/** The uncompressed beginning of a record batch (magic 2). Offsets are numbers: Kafka counts nothing beyond 2^53. */
export interface BatchHeader {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly codec: number;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** Set where the broker's clock counts instead of the records' own time. */
  readonly appendTimestamp: string | undefined;
  readonly firstTimestamp: bigint;
  readonly producerId: bigint;
  /** How many records it says that it has. */
  readonly count: number;
}

/** The first offset that a batch or message says it has; NaN where that is no offset. */
export function firstOffsetOf(bytes: Buffer, at: number): number {
  const offset = Number(bytes.readBigInt64BE(at));
  return offset >= 0 && Number.isSafeInteger(offset) ? offset : NaN;
}

/** The last offset that a batch says it has, which its checksum may belie; NaN where it says nothing. */
export function lastOffsetOf(bytes: Buffer, at: number): number {
  if (bytes.length - at < 27 || bytes[at + MAGIC_AT] !== BATCH_MAGIC) return NaN;
  const delta = bytes.readInt32BE(at + 23);
  return delta < 0 ? NaN : firstOffsetOf(bytes, at) + delta;
}

/** The time of a batch's latest record, as its header has it and its topic's retention counts it; -1 where it says nothing. */
export function latestTimestampOf(bytes: Buffer): string {
  if (bytes.length < 43 || bytes[MAGIC_AT] !== BATCH_MAGIC) return '-1';
  return String(bytes.readBigInt64BE(35));
}

/** The checksum that a batch or message has; 0 where it is too short for one. */
export function checksumIn(bytes: Buffer): number {
  const at = bytes[MAGIC_AT] === BATCH_MAGIC ? CRC_AT : FRAME_BYTES;
  return bytes.length < at + 4 ? 0 : bytes.readInt32BE(at);
}

/** Throws Malformed where the header, or anything behind it, is not what the producer or the broker wrote. */
export function readBatchHeader(bytes: Buffer): BatchHeader {
  if (bytes.length < BATCH_HEADER_BYTES) throw new Malformed('it is shorter than its header');
  if (crc32c(bytes, CHECKED_FROM) !== bytes.readInt32BE(CRC_AT)) throw new Malformed('its checksum is wrong');
  const attributes = bytes.readInt16BE(21);
  const lastOffset = lastOffsetOf(bytes, 0);
  if (Number.isNaN(lastOffset)) throw new Malformed('its offsets are invalid');
  return {
    firstOffset: firstOffsetOf(bytes, 0),
    lastOffset,
    codec: attributes & 0x07,
    appendTimestamp: attributes & 0x08 ? String(bytes.readBigInt64BE(35)) : undefined,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    firstTimestamp: bytes.readBigInt64BE(27),
    producerId: bytes.readBigInt64BE(43),
    count: bytes.readInt32BE(57),
  };
}
