import { encodedRecords, recordBatch, recordsIn } from './record-batch';

const records = [
  {
    key: 'a',
    value: 'first',
    headers: [
      ['twice', 'one'],
      ['twice', null],
      ['__proto__', 'x'],
    ] as const,
  },
  { key: null, value: null },
  { key: Buffer.from([0xff]), value: 'x'.repeat(70_000) },
];

const batchAt = (offset: number, codec: 'none' | 'zstd' = 'none') => {
  const batch = recordBatch(encodedRecords(records), { count: records.length, codec });
  batch.writeBigInt64BE(BigInt(offset));
  return batch;
};

it('reads what it wrote, batch after batch', () => {
  const { records: read, next } = recordsIn(Buffer.concat([batchAt(7), batchAt(10)]));
  expect(read.map(({ offset }) => offset)).toEqual([7, 8, 9, 10, 11, 12]);
  expect(read[0]).toMatchObject({
    key: Buffer.from('a'),
    value: Buffer.from('first'),
    headers: [
      ['twice', Buffer.from('one')],
      ['twice', null],
      ['__proto__', Buffer.from('x')],
    ],
  });
  expect(read[1]).toMatchObject({ key: null, value: null, headers: [] });
  expect(read[5]?.value?.length).toBe(70_000);
  expect(next).toBe(13);
});

it('passes over compressed batches, and stops before one that is cut off', () => {
  const { records: read, next } = recordsIn(
    Buffer.concat([batchAt(0, 'zstd'), batchAt(3), batchAt(6).subarray(0, -1)]),
  );
  expect(read.map(({ offset }) => offset)).toEqual([3, 4, 5]);
  expect(next).toBe(6);
});
