import { buffer } from 'node:stream/consumers';
import { createGzip, createZstdCompress } from 'node:zlib';
import { batchAround, type CodecName, compress, varint } from './batches';

const MIB = 1024 * 1024;
const ZEROS = Buffer.alloc(4 * MIB);

/** A batch of one record whose value is so many MiB of zeros, in little memory. A multiple of 4. */
export async function bomb(codec: Exclude<CodecName, 'none'>, mib: number): Promise<Buffer> {
  const valueBytes = mib * MIB;
  const head = Buffer.concat([Buffer.from([0]), varint(0), varint(0), varint(-1), varint(valueBytes)]);
  const begin = Buffer.concat([varint(head.length + valueBytes + 1), head]);
  const end = varint(0); // headers
  return batchAround({ codec, payload: await PAYLOADS[codec](begin, mib / 4, end) });
}

type Payload = (begin: Buffer, zeros: number, end: Buffer) => Promise<Buffer>;

const PAYLOADS: Record<Exclude<CodecName, 'none'>, Payload> = {
  gzip: (...parts) => streamed(createGzip(), ...parts),
  zstd: (...parts) => streamed(createZstdCompress(), ...parts),
  snappy: async (begin, zeros, end) => {
    const block = (bytes: Buffer) => sized(compress.snappy(bytes));
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    return Buffer.concat([header, block(begin), ...repeated(block(ZEROS), zeros), block(end)]);
  },
  lz4: async (begin, zeros, end) => {
    // independent blocks of 4 MiB, which is all that brokers read
    const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]);
    const stored = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length, 0, 0, 0x80]), bytes]);
    const frame = compress.lz4(ZEROS);
    const block = frame.subarray(7, 11 + frame.readUInt32LE(7));
    return Buffer.concat([header, stored(begin), ...repeated(block, zeros), stored(end), Buffer.alloc(4)]);
  },
};

async function streamed(
  stream: ReturnType<typeof createGzip> | ReturnType<typeof createZstdCompress>,
  ...[begin, zeros, end]: Parameters<Payload>
) {
  const compressed = buffer(stream);
  stream.write(begin);
  for (let count = 0; count < zeros; count++) {
    if (!stream.write(ZEROS)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end(end);
  return compressed;
}

function repeated(bytes: Buffer, times: number): Buffer[] {
  return Array.from({ length: times }, () => bytes);
}

function sized(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
