import { createHash } from 'node:crypto';
import {
  batchAround,
  batchOf,
  type CodecName,
  CODECS,
  compress,
  framed,
  recordBody,
  type TestRecord,
} from '../testing/batches';
import { account, read } from '../testing/reading';
import { BegunBatches } from './begun-batches';
import { FetchBudget } from './fetch-budget';
import { MAX_RECORD_BYTES } from './limits';
import { Overruns } from './overruns';
import { PartitionReader } from './partition-reader';

const CODEC_NAMES = Object.keys(CODECS) as CodecName[];
const MIB = 1024 * 1024;

describe('a batch of records', () => {
  describe('with one record that is too much', () => {
    const good = (offsetDelta: number) => ({ offsetDelta, key: `k${offsetDelta}`, value: 'v' });
    const headers = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `h${index}`, value: null }));

    it.each<[string, TestRecord, RegExp]>([
      ['8,000 headers', { ...good(1), headers: headers(8_000) }, /8000 headers, at most 100/],
      [
        'a header whose name has 1,025 bytes',
        { ...good(1), headers: [{ name: 'n'.repeat(1_025), value: '' }] },
        /name has 1025 bytes/,
      ],
      ['a value of 4 MiB', { ...good(1), value: Buffer.alloc(4 * MIB) }, /has 41943\d\d bytes, at most 4193280/],
    ])('%s, withholds it alone, with its key', (_, record, reason) => {
      for (const codec of CODEC_NAMES) {
        const found = read(batchOf([good(0), record, good(2)], { codec }));
        expect(account(found)).toEqual(['0', '1 withheld', '2']);
        const body = recordBody(record);
        expect(found[1]).toMatchObject({ key: Buffer.from('k1'), value: null, rawHeaders: [] });
        expect(found[1]?.withheld).toEqual({
          reason: expect.stringMatching(reason) as string,
          sizeBytes: body.length,
          sha256: createHash('sha256').update(body).digest('hex'),
        });
      }
    });

    it('reads what is just within the bounds', () => {
      const value = Buffer.alloc(MAX_RECORD_BYTES - 100);
      const names = headers(99).concat([{ name: 'n'.repeat(1_024), value: null }]);
      const found = read(
        batchOf([
          { offsetDelta: 0, value },
          { offsetDelta: 1, headers: names },
        ]),
      );
      expect(account(found)).toEqual(['0', '1']);
      expect(found[1]?.rawHeaders).toHaveLength(100);
    });

    it('keeps no key that no id can have', () => {
      const [found] = read(batchOf([{ offsetDelta: 0, key: Buffer.alloc(2_000), headers: headers(2_000) }]));
      expect(found).toMatchObject({ key: null, offset: '0' });
    });

    it('leaves what many headers would take beyond its budget for the next fetch', () => {
      const records = Array.from({ length: 4_000 }, (_, offsetDelta) => ({ offsetDelta, headers: headers(100) }));
      const found = read(batchOf(records, { codec: 'gzip' }));
      expect(found.length).toBeGreaterThan(100);
      expect(found.length).toBeLessThan(1_000);
    });
  });

  describe('that inflates without end', () => {
    it.each(CODEC_NAMES.slice(1))('is withheld as a whole, with what is known of it (%s)', (codec) => {
      const bomb = batchOf([{ offsetDelta: 0 }, { offsetDelta: 4, value: Buffer.alloc(20 * MIB) }], {
        codec,
        firstOffset: 7,
        firstTimestamp: 1_700_000_000_000,
      });
      const before = process.memoryUsage().arrayBuffers;
      const found = read(Buffer.concat([bomb, batchOf([{ offsetDelta: 0 }], { firstOffset: 12 })]), { fetchOffset: 7 });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * MIB);
      expect(account(found.slice(0, 1), 7)).toEqual(['7-11 withheld']);
      expect(found[0]?.withheld).toEqual({
        reason: 'the batch is withheld: its 2 records inflate to more than 16777216 bytes',
        sizeBytes: bomb.length,
        sha256: createHash('sha256').update(bomb).digest('hex'),
        firstOffset: '7',
      });
      // by it the topic's retention counts
      expect(found[0]?.timestamp).toBe('1700000000000');
    });

    it('is withheld where it is made of many zstd frames, or of one that asks for a large window; empty ones cost nothing', () => {
      // a frame with one stored block of a byte, and one without content that asks for a window of 128 MiB
      const small = Buffer.from('28b52ffd200109000061', 'hex');
      const wide = Buffer.from('28b52ffd0088010000', 'hex');
      const frames = (count: number, frame: Buffer) =>
        batchAround({
          codec: 'zstd',
          payload: Buffer.concat([
            compress.zstd(framed(recordBody({ offsetDelta: 0 }))),
            ...Array.from({ length: count }, () => frame),
          ]),
          count: 1,
          lastOffsetDelta: 0,
        });
      expect(account(read(frames(100_000, wide)))).toEqual(['0']);
      const reasonOf = (bytes: Buffer) => read(bytes)[0]?.withheld?.reason;
      expect(reasonOf(frames(100_000, small))).toBe('the batch is withheld: it has more than 100 zstd frames');
      const windowed = Buffer.from('28b52ffd008809000061', 'hex');
      expect(reasonOf(frames(1, windowed))).toMatch(
        /^the batch is withheld: its zstd frames ask for windows of 134\d+ bytes$/,
      );
    });

    it('leaves the rest of the response for the next fetch', () => {
      const large = (firstOffset: number) =>
        batchOf([{ offsetDelta: 0, value: Buffer.alloc(3 * MIB) }], { codec: 'gzip', firstOffset });
      expect(account(read(Buffer.concat([0, 1, 2, 3, 4, 5].map(large))))).toEqual(['0', '1', '2']);
    });
  });

  it('that took too long is withheld when it comes again from the same offset, and only then', () => {
    const overruns = new Overruns(-1);
    const bytes = batchOf([0, 1, 2].map((offsetDelta) => ({ offsetDelta })));
    const from = (fetchOffset: number) =>
      account(
        new PartitionReader(
          { topic: 't', partition: 0, fetchOffset, highWatermark: 3, aborted: [], bytes },
          new FetchBudget(),
          { overruns, begun: new BegunBatches() },
        ).read(),
        fetchOffset,
      );
    expect(from(0)).toEqual(['0', '1', '2']);
    expect(from(1)).toEqual(['1', '2']);
    expect(from(0)).toEqual(['0-2 withheld']);
  });
});
