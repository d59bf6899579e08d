import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compress as lz4 } from 'lz4js';
import { compress as snappy } from 'snappyjs';
import { crc32c } from '../src/crc32c';

export const CODECS = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
export type CodecName = keyof typeof CODECS;

/** Compresses with code that shares nothing with what reads it. */
export const compress: Record<CodecName, (bytes: Buffer) => Buffer> = {
  none: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  snappy: (bytes) => Buffer.from(snappy(bytes)),
  lz4: (bytes) => Buffer.from(lz4(bytes)),
  zstd: (bytes) => zstdCompressSync(bytes),
};

export interface TestHeader {
  readonly name: string;
  readonly value: string | Buffer | null;
}

export interface TestRecord {
  readonly offsetDelta: number;
  readonly timestampDelta?: number;
  readonly key?: string | Buffer | null;
  readonly value?: string | Buffer | null;
  readonly headers?: readonly TestHeader[];
}

/** A number in zigzag coding. */
export function varint(value: number): Buffer {
  if (value >= -64 && value < 64) return Buffer.from([value < 0 ? -value * 2 - 1 : value * 2]);
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

function nullable(value: string | Buffer | null): Buffer {
  if (value === null) return varint(-1);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** What stands behind a record's length. */
export function recordBody({ offsetDelta, timestampDelta = 0, key = null, value = null, headers = [] }: TestRecord) {
  return Buffer.concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(offsetDelta),
    nullable(key),
    nullable(value),
    varint(headers.length),
    ...headers.flatMap((header) => [nullable(header.name), nullable(header.value)]),
  ]);
}

export function framed(body: Buffer): Buffer {
  return Buffer.concat([varint(body.length), body]);
}

export interface TestBatch {
  readonly firstOffset?: number;
  readonly lastOffsetDelta?: number;
  readonly count?: number;
  readonly codec?: CodecName;
  /** Beside the codec. */
  readonly attributes?: number;
  readonly producerId?: number;
  readonly firstTimestamp?: number;
  /** Compressed already. */
  readonly payload: Buffer;
}

/** A record batch (magic 2) with a right checksum, whatever else is wrong with it. */
export function batchAround(batch: TestBatch): Buffer {
  const { firstOffset = 0, lastOffsetDelta = 0, count = 1, codec = 'none', attributes = 0, payload } = batch;
  const bytes = Buffer.alloc(61 + payload.length);
  bytes.writeBigInt64BE(BigInt(firstOffset), 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes[16] = 2;
  bytes.writeInt16BE(CODECS[codec] | attributes, 21);
  bytes.writeInt32BE(lastOffsetDelta, 23);
  bytes.writeBigInt64BE(BigInt(batch.firstTimestamp ?? 1_000), 27);
  bytes.writeBigInt64BE(BigInt(batch.firstTimestamp ?? 1_000), 35);
  bytes.writeBigInt64BE(BigInt(batch.producerId ?? -1), 43);
  bytes.writeInt16BE(-1, 51);
  bytes.writeInt32BE(-1, 53);
  bytes.writeInt32BE(count, 57);
  payload.copy(bytes, 61);
  return checked(bytes);
}

/** The batch with the checksum that it has to have. */
export function checked(bytes: Buffer): Buffer {
  if (bytes.length >= 21) bytes.writeInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** A batch of these records, each at its place. */
export function batchOf(records: readonly TestRecord[], batch: Omit<TestBatch, 'payload'> = {}): Buffer {
  const payload = compress[batch.codec ?? 'none'](Buffer.concat(records.map((record) => framed(recordBody(record)))));
  const lastOffsetDelta = records.at(-1)?.offsetDelta ?? 0;
  return batchAround({ lastOffsetDelta, count: records.length, ...batch, payload });
}

/** Numbers that are the same for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
