import { zstdDecompressSync } from 'node:zlib';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { decompress } from 'lz4js';
import { uncompress } from 'snappyjs';

/** The framing that Java's snappy streams put around blocks (xerial snappy-java, SnappyCodec). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** Teaches kafkajs to read what others compressed; without it such a batch stops the consumer for good. We write none of these. */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = () => reader('snappy', unsnappy);
  CompressionCodecs[CompressionTypes.LZ4] = () => reader('lz4', (buffer) => Buffer.from(decompress(buffer)));
  CompressionCodecs[CompressionTypes.ZSTD] = () => reader('zstd', zstdDecompressSync);
}

function reader(name: string, decompressBuffer: (buffer: Buffer) => Buffer) {
  return {
    compress: () => Promise.reject(new Error(`records are not written with ${name}`)),
    decompress: async (buffer: Buffer) => decompressBuffer(buffer),
  };
}

function unsnappy(buffer: Buffer): Buffer {
  if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return Buffer.from(uncompress(buffer));
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length;) {
    const length = buffer.readUInt32BE(at);
    blocks.push(Buffer.from(uncompress(buffer.subarray(at + 4, at + 4 + length))));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}
