import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { recordBatch, recordsIn } from '../system/record-batch';
import { crowdedBatches, inflatingBatches } from './hostile-batches';

/** As a reader without bounds would have it: the stream inflated in the place where it was. */
const inflated = (bytes: Buffer, stream: Buffer) =>
  recordsIn(recordBatch(stream, { count: bytes.readInt32BE(57) })).records;

it('hides 20 MiB in a record that every codec makes small', async () => {
  const batches = await inflatingBatches('7', 'small');
  expect(batches.map(({ kind }) => kind)).toEqual(
    ['gzip', 'snappy', 'lz4', 'zstd'].map((codec) => `20 MiB in ${codec}`),
  );
  for (const { bytes } of batches) expect(bytes.length).toBeLessThan(1_000_000);
  const [gzip] = batches;
  const records = gzip ? inflated(gzip.bytes, gunzipSync(gzip.bytes.subarray(61))) : [];
  expect(records.map(({ key, value }) => [String(key), value?.length])).toEqual([['inflated-gzip-20-7', 20 * 2 ** 20]]);
});

it('crowds 20,000 records, and a million, into batches that a broker takes', () => {
  const batches = crowdedBatches('7');
  expect(batches.map(({ count }) => count)).toEqual([20_000, 1_000_000]);
  for (const { bytes } of batches) expect(bytes.length).toBeLessThan(1_000_000);
  const [batch] = batches;
  const records = batch ? inflated(batch.bytes, zstdDecompressSync(batch.bytes.subarray(61))) : [];
  expect(records.length).toBe(20_000);
  expect(records.at(-1)).toMatchObject({ offset: 19_999, key: Buffer.from('crowd-7') });
});
