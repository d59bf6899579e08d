import { zstdDecompressSync } from 'node:zlib';
import { Cursor, Malformed } from './cursor';
import { TooLarge } from './too-large';

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
/** What fits into one byte is not said in two. */
const LEAST_IN_TWO_BYTES = 256;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;
/** Each frame costs a context of zstd; a producer of Kafka writes one frame, or a few. */
const MAX_FRAMES = 100;
/**
 * Memory that the frames of a batch may ask for before they are read, in bytes: zstd reserves a frame's window whatever the
 * frame holds. Level 3 asks for 2 MiB, level 19 for 8 MiB.
 */
const MAX_WINDOWS_BYTES = 32 * 1024 * 1024;

/** Reads zstd frames, one or more, where Node's own reader ends after the first. Takes memory for at most `maxBytes`. */
export function unzstd(bytes: Buffer, maxBytes: number): Buffer {
  const cursor = new Cursor(bytes);
  const parts: Buffer[] = [];
  let total = 0;
  let windows = 0;
  while (cursor.left > 0) {
    const start = cursor.at;
    const windowBytes = passFrame(cursor, maxBytes - total);
    if (windowBytes === undefined) continue;
    windows += windowBytes;
    if (windows > MAX_WINDOWS_BYTES) throw new Malformed(`its zstd frames ask for windows of ${windows} bytes`);
    if (parts.length === MAX_FRAMES) throw new Malformed(`it has more than ${MAX_FRAMES} zstd frames`);
    const frame = bytes.subarray(start, cursor.at);
    const part = zstdDecompressSync(frame, { maxOutputLength: Math.max(1, maxBytes - total) });
    total += part.length;
    if (total > maxBytes) throw new TooLarge(maxBytes);
    parts.push(part);
  }
  const [only] = parts;
  return parts.length === 1 && only ? only : Buffer.concat(parts, total);
}

/** Goes to the end of a frame; returns the bytes of its window, undefined when it has no content. */
function passFrame(cursor: Cursor, maxBytes: number): number | undefined {
  const magic = cursor.bytes.readUInt32LE(cursor.advance(4));
  if (magic >>> 4 === SKIPPABLE_MAGIC >>> 4) {
    cursor.advance(cursor.bytes.readUInt32LE(cursor.advance(4)));
    return undefined;
  }
  if (magic !== MAGIC) throw new Malformed('it is no zstd frame');
  const descriptor = cursor.int8() & 0xff;
  const hasWindow = (descriptor & 0x20) === 0;
  const window = hasWindow ? windowSize(cursor.int8() & 0xff) : undefined;
  cursor.advance(DICTIONARY_ID_BYTES[descriptor & 3] ?? 0);
  const content = contentSize(cursor, descriptor >>> 6, hasWindow);
  if (content > maxBytes) throw new TooLarge(maxBytes);
  let blocks = 0;
  for (let last = false; !last;) {
    const header = cursor.bytes.readUIntLE(cursor.advance(3), 3);
    last = (header & 1) === 1;
    const type = (header >>> 1) & 3;
    if (type === RESERVED_BLOCK) throw new Malformed('its zstd frame has a block of an unknown type');
    cursor.advance(type === RLE_BLOCK ? 1 : header >>> 3);
    blocks += header >>> 3;
  }
  if (descriptor & 0x04) cursor.advance(4);
  return blocks === 0 ? undefined : (window ?? content);
}

/** RFC 8878, 3.1.1.1.2: an exponent in the upper five bits, eighths of it in the lower three. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** 0 where the frame does not say. */
function contentSize(cursor: Cursor, flag: number, hasWindow: boolean): number {
  const bytes = CONTENT_SIZE_BYTES[flag] ?? 0;
  if (bytes === 0) return hasWindow ? 0 : cursor.int8() & 0xff;
  const at = cursor.advance(bytes);
  if (bytes === 8) return Number(cursor.bytes.readBigUInt64LE(at));
  return cursor.bytes.readUIntLE(at, bytes) + (bytes === 2 ? LEAST_IN_TWO_BYTES : 0);
}
