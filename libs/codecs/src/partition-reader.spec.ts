import { createRequire } from 'node:module';
import { zstdDecompressSync } from 'node:zlib';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import {
  batchAround,
  batchOf,
  type CodecName,
  CODECS,
  framed,
  random,
  recordBody,
  type TestRecord,
} from '../testing/batches';
import { account, nextOffset, read } from '../testing/reading';
import { unlz4 } from './lz4';
import { MAX_PARTITION_RECORDS } from './limits';
import { unsnappy } from './snappy';

const CODEC_NAMES = Object.keys(CODECS) as CodecName[];
const MIB = 1024 * 1024;

/** Records of any shape, some offsets missing as after compaction. */
function anyRecords(next: (below: number) => number): TestRecord[] {
  let offset = -1;
  const text = (below: number) => (next(5) === 0 ? null : 'añ😀z'.repeat(next(below)));
  const header = () => ({ name: ['a', 'b', 'ce_type', 'añ', ''][next(5)] ?? '', value: text(8) });
  return Array.from({ length: 1 + next(12) }, () => ({
    offsetDelta: (offset += 1 + next(3)),
    timestampDelta: next(3) === 0 ? -next(1_000) : next(2 ** 31) * next(1_000),
    key: text(6),
    value: text(60),
    headers: Array.from({ length: next(6) }, header),
  }));
}

describe('a batch of records', () => {
  describe('that is as it should be', () => {
    const load = createRequire(require.resolve('kafkajs'));
    const Decoder = load('./src/protocol/decoder') as new (bytes: Buffer) => unknown;
    const readBatch = load('./src/protocol/recordBatch/v0/decoder') as (
      from: unknown,
    ) => Promise<{ records: KafkaJs[] }>;
    type KafkaJs = Record<'offset' | 'timestamp' | 'key' | 'value' | 'headers', unknown>;
    const seen = ({ offset, timestamp, key, value, headers }: KafkaJs) => [
      offset,
      timestamp,
      key,
      value,
      { ...(headers as object) },
    ];

    beforeAll(() => {
      const reader = (decompress: (bytes: Buffer) => Buffer) => () => ({
        compress: () => Promise.reject(new Error('nothing is written')),
        decompress: async (bytes: Buffer) => decompress(bytes),
      });
      CompressionCodecs[CompressionTypes.Snappy] = reader((bytes) => unsnappy(bytes, MIB));
      CompressionCodecs[CompressionTypes.LZ4] = reader((bytes) => unlz4(bytes, MIB));
      CompressionCodecs[CompressionTypes.ZSTD] = reader((bytes) => zstdDecompressSync(bytes));
    });

    it.each(CODEC_NAMES)(
      "is read as kafkajs' own decoder reads it (%s)",
      async (codec) => {
        const next = random(7);
        for (let round = 0; round < 20; round++) {
          const records = anyRecords(next);
          const firstTimestamp = next(4) === 0 ? -1 : Date.UTC(2026, 0, 1) + next(1_000);
          const bytes = batchOf(records, { codec, firstOffset: 40, firstTimestamp, attributes: next(3) === 0 ? 8 : 0 });
          const { records: wanted } = await readBatch(new Decoder(bytes));
          const found = read(bytes, { fetchOffset: 40 });
          expect(found.map((record) => seen(record as unknown as KafkaJs))).toEqual(wanted.map(seen));
        }
      },
      60_000,
    );

    it('has every header in its order, under names that an object would take for its own too', () => {
      const headers = ['__proto__', 'constructor', 'a', '__proto__'].map((name, index) => ({
        name,
        value: `${index}`,
      }));
      const [record] = read(batchOf([{ offsetDelta: 0, headers: [...headers, { name: 'a', value: null }] }]));
      expect(record?.rawHeaders.map(({ name, value }) => [name, value && String(value)])).toEqual([
        ['__proto__', '0'],
        ['constructor', '1'],
        ['a', '2'],
        ['__proto__', '3'],
        ['a', null],
      ]);
      expect(Object.entries(record?.headers ?? {})).toEqual([
        ['__proto__', [Buffer.from('0'), Buffer.from('3')]],
        ['constructor', Buffer.from('1')],
        ['a', [Buffer.from('2'), null]],
      ]);
    });

    it('is entered in its middle, and left where a response has enough', () => {
      const records = Array.from({ length: 5_000 }, (_, offsetDelta) => ({ offsetDelta, value: 'v' }));
      const bytes = batchOf(records, { codec: 'gzip', firstOffset: 100 });
      const offsets: number[] = [];
      const fetches: number[] = [];
      for (let next = 100; next < 5_100;) {
        const found = read(bytes, { fetchOffset: next });
        fetches.push(found.length);
        offsets.push(...found.map(({ offset }) => Number(offset)));
        next = nextOffset(found, next);
      }
      expect(fetches).toEqual([MAX_PARTITION_RECORDS, MAX_PARTITION_RECORDS, 1_000]);
      expect(offsets).toEqual(records.map(({ offsetDelta }) => 100 + offsetDelta));
    });

    it('of 100,000 tiny records overflows no stack, and needs no array of them', () => {
      const body = framed(recordBody({ offsetDelta: 0 }));
      const records = Array.from({ length: 100_000 }, (_, delta) => framed(recordBody({ offsetDelta: delta })));
      const bytes = batchAround({ payload: Buffer.concat(records), count: 100_000, lastOffsetDelta: 99_999 });
      expect(body.length).toBeLessThan(10);
      expect(read(bytes)).toHaveLength(MAX_PARTITION_RECORDS);
      expect(account(read(bytes, { fetchOffset: 99_999 }), 99_999)).toEqual(['99999']);
    });

    it('may hold nothing any more after compaction, or nothing behind some offset', () => {
      const empty = batchAround({ firstOffset: 10, lastOffsetDelta: 9, count: 0, payload: Buffer.alloc(0) });
      const rest = batchOf([{ offsetDelta: 2 }], { firstOffset: 20, lastOffsetDelta: 5 });
      const found = read(Buffer.concat([empty, rest]), { fetchOffset: 12 });
      expect(account(found, 12)).toEqual(['12-19 passed', '22', '23-25 passed']);
    });

    it('may be cut at the end of a response: it comes with the next', () => {
      const [first, second] = [batchOf([{ offsetDelta: 0 }]), batchOf([{ offsetDelta: 0 }], { firstOffset: 1 })];
      for (let length = 0; length < second.length; length++) {
        expect(account(read(Buffer.concat([first, second.subarray(0, length)])))).toEqual(['0']);
      }
      expect(read(first.subarray(0, 40))).toEqual([]);
    });
  });

  describe('of a transaction', () => {
    const TRANSACTIONAL = 0x10;
    const of = (firstOffset: number, producerId: number) =>
      batchOf([{ offsetDelta: 0, value: `${producerId}` }, { offsetDelta: 1 }], {
        firstOffset,
        producerId,
        attributes: TRANSACTIONAL,
      });
    const marker = (firstOffset: number, producerId: number, type: number, key = Buffer.from([0, 0, 0, type])) =>
      batchOf([{ offsetDelta: 0, key }], { firstOffset, producerId, attributes: TRANSACTIONAL | 0x20 });
    const aborted = [
      { producerId: 8n, firstOffset: 2 },
      { producerId: 7n, firstOffset: 0 },
    ];

    it('is for nobody when it was aborted, even where two of them overlap and the fetch begins in their middle', () => {
      const log = [
        of(0, 7),
        of(2, 8),
        of(4, 9),
        marker(6, 7, 0),
        of(7, 7),
        marker(9, 8, 0),
        of(10, 8),
        marker(12, 9, 1),
      ];
      const found = read(Buffer.concat(log), { aborted });
      expect(account(found)).toEqual([
        '0-1 passed',
        '2-3 passed',
        '4',
        '5',
        '6 passed',
        '7',
        '8',
        '9 passed',
        '10',
        '11',
        '12 passed',
      ]);
      expect(account(read(Buffer.concat(log.slice(1)), { aborted, fetchOffset: 3 }), 3)).toEqual(
        account(found)
          .slice(1)
          .map((each) => each.replace('2-3', '3')),
      );
    });

    it('is not inflated when it was aborted', () => {
      const bomb = {
        producerId: 7,
        attributes: TRANSACTIONAL,
        codec: 'gzip' as const,
        payload: Buffer.from('no gzip'),
      };
      const found = read(batchAround({ ...bomb, firstOffset: 0, lastOffsetDelta: 4 }), { aborted });
      expect(account(found)).toEqual(['0-4 passed']);
    });

    it('ends the response where its marker cannot be read: what is aborted behind it is told anew', () => {
      const log = [of(0, 7), marker(2, 7, 0, Buffer.from([0])), of(3, 7)];
      expect(account(read(Buffer.concat(log), { aborted }))).toEqual(['0-1 passed', '2 passed']);
    });
  });
});
