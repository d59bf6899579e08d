import { gzipSync } from 'node:zlib';
import { batchAround, batchOf, checked, type CodecName, CODECS, framed, recordBody, varint } from '../testing/batches';
import { account, nextOffset, read } from '../testing/reading';

const CODEC_NAMES = Object.keys(CODECS) as CodecName[];

describe('a batch of records', () => {
  describe('that is damaged', () => {
    const records = [0, 1, 2, 3, 4].map((offsetDelta) => ({
      offsetDelta,
      key: `k${offsetDelta}`,
      value: `{"n":${offsetDelta}}`,
      headers: [{ name: 'h', value: 'x' }],
    }));
    const behind = batchOf([{ offsetDelta: 0, key: 'behind' }], { firstOffset: 15 });
    const cases = CODEC_NAMES.map((codec) => [codec, batchOf(records, { firstOffset: 10, codec })] as const);

    /** All that comes of it, fetch by fetch, until the record behind it. */
    function readAll(bytes: Buffer): number[] {
      const offsets: number[] = [];
      for (let next = 10, fetches = 0; next < 16; fetches++) {
        if (fetches > 10) throw new Error('it goes round and round');
        const found = read(bytes, { fetchOffset: next, highWatermark: 16 });
        for (const { offset, isControlRecord, withheld } of found) {
          const last = Number(offset);
          const first = withheld?.firstOffset !== undefined || isControlRecord ? next : last;
          for (let each = first; each <= last; each++) offsets.push(each);
          // between the records of this batch one is missing
          next = last + 1;
        }
        if (found.length === 0) return offsets;
      }
      return offsets;
    }

    const ACCOUNTED = [10, 11, 12, 13, 14, 15];

    /** What is missing of the offsets of the batch, or told twice, of one of its variants. */
    function wrongWith(damaged: Buffer): string[] {
      const offsets = readAll(Buffer.concat([damaged, behind]));
      const missing = ACCOUNTED.filter((offset) => !offsets.includes(offset));
      const disorder = offsets.filter((offset, index) => offset <= (offsets[index - 1] ?? -1));
      return missing.length + disorder.length === 0 ? [] : [`${missing.join()} missing, ${disorder.join()} twice`];
    }

    it.each(cases)('in any one byte is read or withheld, offset by offset, and never throws (%s)', (_, batch) => {
      const wrong: string[] = [];
      for (let at = 12; at < batch.length; at++) {
        for (const flip of [0x01, 0x80]) {
          for (const fix of [(bytes: Buffer) => bytes, checked]) {
            const damaged = Buffer.from(batch);
            damaged[at] = (damaged[at] ?? 0) ^ flip;
            wrong.push(...wrongWith(fix(damaged)).map((what) => `byte ${at} ^ ${flip}: ${what}`));
          }
        }
      }
      expect(wrong).toEqual([]);
    });

    it.each(cases)('or cut anywhere inside its frame loses no offset (%s)', (_, batch) => {
      const wrong: string[] = [];
      for (let length = 12 + 14; length < batch.length; length++) {
        const cut = Buffer.from(batch.subarray(0, length));
        cut.writeInt32BE(length - 12, 8);
        wrong.push(...wrongWith(checked(cut)));
      }
      expect(wrong).toEqual([]);
    });

    it('in its frame or its first offset comes to an end all the same', () => {
      for (const [, batch] of cases) {
        for (let at = 0; at < 12; at++) {
          for (const flip of [0x01, 0x80, 0xff]) {
            const damaged = Buffer.from(batch);
            damaged[at] = (damaged[at] ?? 0) ^ flip;
            const found = read(Buffer.concat([damaged, behind]), { fetchOffset: 10, highWatermark: 16 });
            expect(nextOffset(found, 10)).toBeGreaterThanOrEqual(10);
          }
        }
      }
    });

    it('withholds what follows a record whose place cannot be told', () => {
      const wrong = [
        framed(recordBody(records[0]!)),
        framed(recordBody({ offsetDelta: 0 })),
        framed(recordBody(records[2]!)),
      ];
      const bytes = batchAround({ payload: Buffer.concat(wrong), count: 3, lastOffsetDelta: 2, firstOffset: 10 });
      expect(account(read(bytes, { fetchOffset: 10 }), 10)).toEqual(['10', '11-12 withheld']);
    });

    it.each([
      ['more records than it says', 2, 2, ['0', '1', '2 withheld']],
      ['fewer records than it says', 4, 9, ['0', '1', '2', '3-9 withheld']],
      ['more records than it has offsets', 2_000_000_000, 9, ['0-9 withheld']],
    ])('with %s, it withholds those that cannot be told', (_, count, lastOffsetDelta, accounted) => {
      const payload = Buffer.concat([0, 1, 2].map((offsetDelta) => framed(recordBody({ offsetDelta }))));
      expect(account(read(batchAround({ payload, count, lastOffsetDelta })))).toEqual(accounted);
    });

    it.each([
      ['a negative last offset', { lastOffsetDelta: -5 }],
      ['a last offset beyond all records', { lastOffsetDelta: 2_000_000_000, codec: 'zstd' as const }],
    ])('with %s is withheld up to the next batch', (_, header) => {
      const bytes = batchAround({ payload: Buffer.from('x'), firstOffset: 10, ...header });
      expect(account(read(Buffer.concat([bytes, behind]), { fetchOffset: 10, highWatermark: 16 }), 10)).toEqual([
        '10-14 withheld',
        '15',
      ]);
      expect(account(read(bytes, { fetchOffset: 12, highWatermark: 16 }), 12)).toEqual(['12 withheld']);
    });

    it('and cannot be told from others is got past by one offset', () => {
      const frame = Buffer.alloc(40, 0xff);
      expect(account(read(frame, { fetchOffset: 10 }), 10)).toEqual(['10 withheld']);
      const wrongChecksum = Buffer.from(cases[0]![1]);
      wrongChecksum[30] = 1;
      expect(read(wrongChecksum, { fetchOffset: 10 })[0]?.withheld?.reason).toBe(
        'the batch is withheld: its checksum is wrong',
      );
    });
  });

  it('with numbers that never end, or lengths beyond it, is withheld', () => {
    const endless = Buffer.alloc(30, 0xff);
    const negative = Buffer.concat([Buffer.from([0]), varint(0), varint(0), varint(-2)]);
    const longKey = Buffer.concat([Buffer.from([0]), varint(0), varint(0), varint(2 ** 31 - 1)]);
    for (const body of [endless, negative, longKey]) {
      const found = read(batchAround({ payload: framed(body) }));
      expect(account(found)).toEqual(['0 withheld']);
    }
    expect(account(read(batchAround({ payload: gzipSync(endless), codec: 'gzip' })))).toEqual(['0 withheld']);
  });
});
