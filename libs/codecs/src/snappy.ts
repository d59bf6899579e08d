import { Cursor, Malformed } from './cursor';
import { copyLiterals, copyMatch } from './lz-copy';
import { TooLarge } from './too-large';

/** The framing that Java's snappy streams put around blocks (xerial snappy-java, SnappyCodec). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

interface Block {
  readonly source: Cursor;
  readonly length: number;
}

/** Reads raw snappy, and snappy in Java's framing. Every block says how long it is, so nothing is allocated beyond `maxBytes`. */
export function unsnappy(bytes: Buffer, maxBytes: number): Buffer {
  const blocks = isXerial(bytes, 0) ? xerialBlocks(bytes) : [bytes];
  const opened = blocks.map(open);
  const total = opened.reduce((sum, { length }) => sum + length, 0);
  if (total > maxBytes) throw new TooLarge(maxBytes);
  const output = Buffer.allocUnsafe(total);
  let at = 0;
  for (const block of opened) at = readBlock(block, output, at);
  return output;
}

function isXerial(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + XERIAL_MAGIC.length).equals(XERIAL_MAGIC);
}

/** Streams may be joined: then the header stands again between two blocks. */
function xerialBlocks(bytes: Buffer): Buffer[] {
  const cursor = new Cursor(bytes);
  const blocks: Buffer[] = [];
  while (cursor.left > 0) {
    if (isXerial(bytes, cursor.at)) cursor.advance(XERIAL_HEADER_BYTES);
    else blocks.push(cursor.take(cursor.int32()));
  }
  return blocks;
}

function open(bytes: Buffer): Block {
  const source = new Cursor(bytes);
  let length = 0;
  for (let bits = 0; bits < 35; bits += 7) {
    const byte = source.int8() & 0xff;
    length += (byte & 0x7f) * 2 ** bits;
    if (byte < 0x80) return { source, length };
  }
  throw new Malformed('the length of a snappy block has more than five bytes');
}

function readBlock({ source, length }: Block, output: Buffer, start: number): number {
  const end = start + length;
  let at = start;
  while (source.left > 0) {
    const tag = source.int8() & 0xff;
    const count = lengthOf(tag, source);
    if (count > end - at) throw new Malformed('a snappy block is longer than it says');
    const target = { bytes: output, at, length: count };
    if ((tag & 3) === 0) at = copyLiterals(source.bytes, source.advance(count), target);
    else at = copyMatch(target, inBlock(distanceOf(tag, source), at - start));
  }
  if (at !== end) throw new Malformed('a snappy block is shorter than it says');
  return end;
}

function lengthOf(tag: number, source: Cursor): number {
  if ((tag & 3) === 1) return ((tag >>> 2) & 7) + 4;
  const length = tag >>> 2;
  if ((tag & 3) !== 0 || length < 60) return length + 1;
  return littleEndian(source, length - 59) + 1;
}

function distanceOf(tag: number, source: Cursor): number {
  if ((tag & 3) === 1) return ((tag >>> 5) << 8) + littleEndian(source, 1);
  return littleEndian(source, (tag & 3) === 2 ? 2 : 4);
}

/** A block refers to nothing before itself. */
function inBlock(distance: number, written: number): number {
  if (distance > written) throw new Malformed('a snappy block refers to bytes before its beginning');
  return distance;
}

function littleEndian(source: Cursor, bytes: number): number {
  return source.bytes.readUIntLE(source.advance(bytes), bytes);
}
