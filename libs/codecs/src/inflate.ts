import { gunzipSync } from 'node:zlib';
import { Malformed } from './cursor';
import { unlz4 } from './lz4';
import { unsnappy } from './snappy';
import { TooLarge } from './too-large';
import { unzstd } from './zstd';

type Codec = (bytes: Buffer, maxBytes: number) => Buffer;

const CHUNK_BYTES = 64 * 1024;

/** By their number in a batch's attributes; 0 is none. */
const CODECS: Readonly<Record<number, { readonly name: string; readonly inflate: Codec }>> = {
  1: {
    name: 'gzip',
    inflate: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES }),
  },
  2: { name: 'snappy', inflate: unsnappy },
  3: { name: 'lz4', inflate: unlz4 },
  4: { name: 'zstd', inflate: unzstd },
};

/**
 * Inflates what was compressed with a codec of Kafka's. Throws TooLarge before more than `maxBytes` are allocated, and
 * Malformed where the bytes are not what the codec writes.
 */
export function inflate(bytes: Buffer, codec: number, maxBytes: number): Buffer {
  const known = CODECS[codec];
  if (!known) throw new Malformed(`it is compressed with an unknown codec (${codec})`);
  try {
    return known.inflate(bytes, maxBytes);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    if (error instanceof TooLarge || codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge(maxBytes);
    throw new Malformed(`it cannot be opened with ${known.name}: ${String(error)}`);
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
