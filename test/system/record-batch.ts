/** A record as it stands in a batch. A name of a header may come several times. */
export interface BatchRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | string | null])[];
}

export interface ReadRecord {
  readonly offset: number;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/** Kafka's numbers of its codecs. */
export const CODECS = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
export type Codec = keyof typeof CODECS;

/** First offset and length, which the length does not count. */
const PREFIX_BYTES = 12;
/** From the leader's epoch to the count of records. */
const HEADER_BYTES = 49;
const CRC_FROM = 9;
const CODEC_MASK = 0x07;
const CONTROL_FLAG = 0x20;

/** Kafka's format 2 of one record, with its length before it. */
export function encodedRecord({ key, value, headers = [] }: BatchRecord, offsetDelta: number): Buffer {
  const parts = [
    Buffer.from([0]),
    varint(0),
    varint(offsetDelta),
    ...sized(key),
    ...sized(value),
    varint(headers.length),
  ];
  for (const [name, text] of headers) parts.push(...sized(name), ...sized(text));
  const body = Buffer.concat(parts);
  return Buffer.concat([varint(body.length), body]);
}

export function encodedRecords(records: readonly BatchRecord[]): Buffer {
  return Buffer.concat(records.map(encodedRecord));
}

/** A whole batch around records that may be compressed; the broker gives it its offsets. */
export function recordBatch(records: Buffer, { count, codec = 'none' }: { count: number; codec?: Codec }): Buffer {
  const batch = Buffer.alloc(PREFIX_BYTES + HEADER_BYTES + records.length);
  const now = BigInt(Date.now());
  batch.writeInt32BE(HEADER_BYTES + records.length, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(CODECS[codec], 21);
  batch.writeInt32BE(count - 1, 23);
  batch.writeBigInt64BE(now, 27);
  batch.writeBigInt64BE(now, 35);
  // no producer id, no epoch, no sequence: not idempotent
  batch.fill(0xff, 43, 57);
  batch.writeInt32BE(count, 57);
  records.copy(batch, PREFIX_BYTES + HEADER_BYTES);
  batch.writeUInt32BE(crc32c(batch.subarray(PREFIX_BYTES + CRC_FROM)), PREFIX_BYTES + CRC_FROM - 4);
  return batch;
}

/**
 * The records of the batches that are whole; of a compressed batch none, because the services write none: it is always
 * somebody else's, and may be made to hurt its readers. `next` is the offset behind the last batch; undefined without one.
 */
export function recordsIn(batches: Buffer): { records: ReadRecord[]; next: number | undefined } {
  const records: ReadRecord[] = [];
  let next: number | undefined;
  for (let at = 0; at + PREFIX_BYTES + HEADER_BYTES <= batches.length;) {
    const end = at + PREFIX_BYTES + batches.readInt32BE(at + 8);
    if (end > batches.length) break;
    const firstOffset = Number(batches.readBigInt64BE(at));
    const attributes = batches.readInt16BE(at + 21);
    const firstTimestamp = batches.readBigInt64BE(at + 27);
    const isPlain = (attributes & (CODEC_MASK | CONTROL_FLAG)) === 0;
    const count = isPlain ? batches.readInt32BE(at + 57) : 0;
    next = firstOffset + batches.readInt32BE(at + 23) + 1;
    const reader = new VarReader(batches, at + PREFIX_BYTES + HEADER_BYTES);
    for (let index = 0; index < count; index++) records.push(recordAt(reader, firstOffset, firstTimestamp));
    at = end;
  }
  return { records, next };
}

function recordAt(reader: VarReader, firstOffset: number, firstTimestamp: bigint): ReadRecord {
  reader.number(); // its length
  reader.byte(); // its attributes
  const timestamp = String(firstTimestamp + BigInt(reader.number()));
  const offset = firstOffset + reader.number();
  const [key, value] = [reader.bytes(), reader.bytes()];
  const headers: [string, Buffer | null][] = [];
  for (let left = reader.number(); left > 0; left--) headers.push([String(reader.bytes()), reader.bytes()]);
  return { offset, timestamp, key, value, headers };
}

/** Reads what is written in variable length. */
class VarReader {
  constructor(
    private readonly buffer: Buffer,
    private at: number,
  ) {}

  byte(): number {
    return this.buffer[this.at++] ?? 0;
  }

  /** Zigzag; exact up to 2^53, which is enough for lengths, offsets and times. */
  number(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
  }

  /** Null where there is none. */
  bytes(): Buffer | null {
    const length = this.number();
    if (length < 0) return null;
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }
}

/** Zigzag in variable length, of a number that is not negative, or -1 for "there is none". */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function sized(bytes: Buffer | string | null): Buffer[] {
  if (bytes === null) return [varint(-1)];
  const buffer = Buffer.from(bytes as Buffer);
  return [varint(buffer.length), buffer];
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** Castagnoli's, which node:zlib does not have. */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
