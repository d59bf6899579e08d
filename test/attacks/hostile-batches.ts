import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type BatchRecord, type Codec, encodedRecords, recordBatch, varint } from '../system/record-batch';
import { compressed } from './inflating';

/** A batch that a broker takes, and that is much more than it looks, or not quite what it should be. */
export interface HostileBatch {
  readonly kind: string;
  readonly count: number;
  readonly bytes: Buffer;
}

const MIB = 1_024 * 1_024;
const CROWD = 20_000;
const MILLION = 1_000_000;

/** Of every codec what inflates to 20 MiB, and to as much as fits into a message: snappy gets no further than that. */
export async function inflatingBatches(mark: string, sizes: 'all' | 'small' = 'all'): Promise<HostileBatch[]> {
  const small = (['gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) => inflated(codec, 20, mark));
  if (sizes === 'small') return Promise.all(small);
  const large = [inflated('gzip', 400, mark), inflated('zstd', 400, mark), inflated('lz4', 200, mark)];
  return Promise.all([...small, ...large]);
}

/**
 * Batches of records that have nothing but a short key: 20,000, which are set aside one by one, and a million, of which no more
 * than 800 KB go over the wire.
 */
export function crowdedBatches(mark: string): HostileBatch[] {
  return [CROWD, MILLION].map((count) => ({
    kind: `${count} records in zstd`,
    count,
    bytes: batch('zstd', zstdCompressSync(crowd(count, mark)), count),
  }));
}

/** What a broker lets through although something is behind the end of the stream, or the stream is several. */
export async function oddBatches(mark: string): Promise<HostileBatch[]> {
  const records = (kind: string) => encodedRecords([broken(`odd-${kind.replaceAll(' ', '-')}-${mark}`)]);
  const halves = (kind: string): [Buffer, Buffer] => {
    const all = records(kind);
    return [all.subarray(0, 20), all.subarray(20)];
  };
  const rubbish = Buffer.from('rubbish behind the end');
  const plain = async (codec: 'lz4' | 'snappy', kind: string) => {
    const [head, tail] = halves(kind);
    return compressed(codec, { head, fill: { byte: 0, bytes: 0 }, tail });
  };
  const made: [kind: string, codec: Codec, stream: Buffer][] = [
    ['gzip and rubbish', 'gzip', Buffer.concat([gzipSync(records('gzip and rubbish')), rubbish])],
    ['lz4 and rubbish', 'lz4', Buffer.concat([await plain('lz4', 'lz4 and rubbish'), rubbish])],
    ['snappy and rubbish', 'snappy', Buffer.concat([await plain('snappy', 'snappy and rubbish'), Buffer.alloc(3, 7)])],
    ['two gzip streams', 'gzip', Buffer.concat(halves('two gzip streams').map((half) => gzipSync(half)))],
    ['two zstd frames', 'zstd', Buffer.concat(halves('two zstd frames').map((half) => zstdCompressSync(half)))],
  ];
  return made.map(([kind, codec, stream]) => ({ kind, count: 1, bytes: batch(codec, stream, 1) }));
}

const batch = (codec: Codec, stream: Buffer, count: number) => recordBatch(stream, { count, codec });

/** One record with a short key and a value of the same byte. */
async function inflated(codec: Exclude<Codec, 'none'>, mib: number, mark: string): Promise<HostileBatch> {
  const key = Buffer.from(`inflated-${codec}-${mib}-${mark}`);
  const bytes = mib * MIB;
  const before = Buffer.concat([Buffer.from([0]), varint(0), varint(0), varint(key.length), key, varint(bytes)]);
  const tail = varint(0);
  const head = Buffer.concat([varint(before.length + bytes + tail.length), before]);
  const stream = await compressed(codec, { head, fill: { byte: 0x78, bytes }, tail });
  return { kind: `${mib} MiB in ${codec}`, count: 1, bytes: batch(codec, stream, 1) };
}

/** By hand, because a million records one by one take ten seconds. */
function crowd(count: number, mark: string): Buffer {
  const key = Buffer.from(`crowd-${mark}`);
  const rest = Buffer.concat([varint(key.length), key, varint(0), varint(0)]);
  const records = Array.from({ length: count }, (_, index) => {
    const delta = varint(index);
    return Buffer.concat([varint(2 + delta.length + rest.length), Buffer.alloc(2), delta, rest]);
  });
  return Buffer.concat(records);
}

function broken(key: string): BatchRecord {
  return { key, value: '{"id":"' };
}
