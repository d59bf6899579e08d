import { Cursor, Malformed } from './cursor';
import { copyLiterals, copyMatch } from './lz-copy';
import { TooLarge } from './too-large';

const MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
const STORED = 0x80000000;
/** A byte of a block stands for at most so many of its content. */
const MAX_RATIO = 255;
const MIN_MATCH = 4;

interface Block {
  readonly bytes: Buffer;
  readonly stored: boolean;
  /** Bytes that it may become. */
  readonly bound: number;
  /** Opens a frame: nothing before it can be referred to. */
  readonly first: boolean;
}

/**
 * Reads LZ4 frames, one or more. The headers of all blocks are read first, so no more is allocated than the blocks can
 * become, and never more than `maxBytes`. Checksums are not looked at: the batch around the frame has its own.
 */
export function unlz4(bytes: Buffer, maxBytes: number): Buffer {
  const cursor = new Cursor(bytes);
  const blocks: Block[] = [];
  while (cursor.left > 0) readFrame(cursor, blocks);
  const bound = blocks.reduce((sum, block) => sum + block.bound, 0);
  const output = Buffer.allocUnsafe(Math.min(bound, maxBytes));
  let at = 0;
  let frameStart = 0;
  for (const block of blocks) {
    if (block.first) frameStart = at;
    const end = readBlock(block, output.subarray(frameStart), at - frameStart);
    if (end === undefined && bound > maxBytes) throw new TooLarge(maxBytes);
    if (end === undefined) throw new Malformed('an LZ4 block is longer than its frame allows');
    at = end + frameStart;
  }
  return output.subarray(0, at);
}

function readFrame(cursor: Cursor, blocks: Block[]): void {
  const magic = uint32(cursor);
  if (magic >>> 4 === SKIPPABLE_MAGIC >>> 4) return void cursor.advance(uint32(cursor));
  if (magic !== MAGIC) throw new Malformed('it is no LZ4 frame');
  const flags = cursor.int8();
  if ((flags & 0xc0) !== 0x40) throw new Malformed('its LZ4 frame has an unknown version');
  const size = (cursor.int8() >> 4) & 7;
  if (size < 4) throw new Malformed('its LZ4 frame has an unknown block size');
  cursor.advance((flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1);
  const maxBlockBytes = 1 << (8 + 2 * size);
  for (let first = true; ; first = false) {
    const header = uint32(cursor);
    if (header === 0) break;
    const stored = header >= STORED;
    const bytes = cursor.take(stored ? header - STORED : header);
    if (flags & 0x10) cursor.advance(4);
    blocks.push({
      bytes,
      stored,
      first,
      bound: stored ? bytes.length : Math.min(maxBlockBytes, bytes.length * MAX_RATIO),
    });
  }
  if (flags & 0x04) cursor.advance(4);
}

/** Where the output goes on; undefined where it has no room for the block. */
function readBlock({ bytes, stored }: Block, output: Buffer, start: number): number | undefined {
  const cursor = new Cursor(bytes);
  let at = start;
  while (cursor.left > 0) {
    const token = stored ? 0 : cursor.int8() & 0xff;
    const literals = stored ? cursor.left : lengthOf(token >>> 4, cursor);
    if (literals > output.length - at) return undefined;
    at = copyLiterals(bytes, cursor.advance(literals), { bytes: output, at, length: literals });
    if (cursor.left === 0) break;
    const distance = bytes.readUInt16LE(cursor.advance(2));
    const length = lengthOf(token & 15, cursor) + MIN_MATCH;
    if (length > output.length - at) return undefined;
    at = copyMatch({ bytes: output, at, length }, distance);
  }
  return at;
}

function lengthOf(nibble: number, cursor: Cursor): number {
  let length = nibble;
  if (nibble < 15) return length;
  for (;;) {
    const byte = cursor.int8() & 0xff;
    length += byte;
    if (byte < 255) return length;
  }
}

function uint32(cursor: Cursor): number {
  return cursor.bytes.readUInt32LE(cursor.advance(4));
}
