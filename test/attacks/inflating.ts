import { once } from 'node:events';
import { createGzip, createZstdCompress } from 'node:zlib';
import { type Codec, varint } from '../system/record-batch';

/** What a stream inflates to: the head, one byte again and again, the tail. */
export interface Content {
  readonly head: Buffer;
  readonly fill: { readonly byte: number; readonly bytes: number };
  readonly tail: Buffer;
}

const MIB = 1_024 * 1_024;

/** Compresses without ever holding what it compresses: 400 MiB take a few KiB with zstd, 400 KiB with gzip. */
export async function compressed(codec: Exclude<Codec, 'none'>, content: Content): Promise<Buffer> {
  if (codec === 'gzip') return streamed(createGzip(), content);
  if (codec === 'zstd') return streamed(createZstdCompress(), content);
  return codec === 'lz4' ? lz4Frame(content) : xerialSnappy(content);
}

async function streamed(stream: NodeJS.ReadWriteStream, { head, fill, tail }: Content): Promise<Buffer> {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.write(head);
  const piece = Buffer.alloc(MIB, fill.byte);
  for (let left = fill.bytes; left > 0; left -= MIB) {
    if (!stream.write(piece.subarray(0, Math.min(left, MIB)))) await once(stream, 'drain');
  }
  stream.end(tail);
  await once(stream, 'end');
  return Buffer.concat(parts);
}

/** Magic number, version 1 with independent blocks, blocks of at most 4 MiB, and the check byte of these two. */
const LZ4_FRAME = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]);
const LZ4_MAX_BLOCK = 4 * MIB;
const LZ4_PLAIN_FLAG = 0x8000_0000;

function lz4Frame({ head, fill, tail }: Content): Buffer {
  const blocks: Buffer[] = [plainBlock(head)];
  let left = fill.bytes;
  for (; left >= 64; left -= Math.min(left, LZ4_MAX_BLOCK))
    blocks.push(sizedBlock(constantBlock(fill.byte, Math.min(left, LZ4_MAX_BLOCK))));
  blocks.push(plainBlock(Buffer.concat([Buffer.alloc(left, fill.byte), tail])), Buffer.alloc(4));
  return Buffer.concat([LZ4_FRAME, ...blocks]);
}

/** One literal, a match with it as long as possible, and the five literals with which a block must end. */
function constantBlock(byte: number, bytes: number): Buffer {
  const extra = bytes - 1 - 5 - 19;
  const lengths = Buffer.concat([Buffer.alloc(Math.floor(extra / 255), 255), Buffer.from([extra % 255])]);
  return Buffer.concat([Buffer.from([0x1f, byte, 1, 0]), lengths, Buffer.from([0x50]), Buffer.alloc(5, byte)]);
}

function sizedBlock(block: Buffer, flag = 0): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(flag + block.length);
  return Buffer.concat([size, block]);
}

const plainBlock = (bytes: Buffer) => sizedBlock(bytes, LZ4_PLAIN_FLAG);

/** The framing of Java's snappy streams: magic, version, compatible version; then blocks with their sizes. */
const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
/** A copy of 64 bytes from one byte before. */
const SNAPPY_COPY = Buffer.from([((64 - 1) << 2) | 0b10, 1, 0]);

function xerialSnappy({ head, fill, tail }: Content): Buffer {
  const blocks: Buffer[] = [snappyBlock(head)];
  for (let left = fill.bytes; left > 0; left -= Math.min(left, MIB))
    blocks.push(constantSnappyBlock(fill.byte, Math.min(left, MIB)));
  return Buffer.concat([XERIAL_HEADER, ...[...blocks, snappyBlock(tail)].map(sizedBigEndian)]);
}

function snappyBlock(bytes: Buffer): Buffer {
  return Buffer.concat([plainVarint(bytes.length), ...literals(bytes)]);
}

function constantSnappyBlock(byte: number, bytes: number): Buffer {
  const copies = Math.floor((bytes - 1) / 64);
  const rest = Buffer.alloc(bytes - copies * 64, byte);
  const body = Array.from({ length: copies }, () => SNAPPY_COPY);
  return Buffer.concat([plainVarint(bytes), ...literals(rest), ...body]);
}

/** Pieces of at most 60 bytes, whose length fits into their tag. */
function literals(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 60) {
    const piece = bytes.subarray(at, at + 60);
    pieces.push(Buffer.from([(piece.length - 1) << 2]), piece);
  }
  return pieces;
}

function sizedBigEndian(block: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(block.length);
  return Buffer.concat([size, block]);
}

/** Not zigzag: the number is that of half its value there. */
function plainVarint(value: number): Buffer {
  return value % 2 === 0 ? varint(value / 2) : varint(-(value + 1) / 2);
}
