import type { RawRecord } from '../consumer/raw-record';
import { mongo } from 'mongoose';
import { bytesOfRecord, byVersion, isSuperseded, parkedRecord, rawRecordOf } from './lane';

function raw(offset: number, version?: string, partition = 0): RawRecord {
  return {
    origin: { topic: 'notes', partition, offset: String(offset), timestamp: 1000 + offset },
    key: null,
    value: Buffer.from([0, 255, 10]),
    headers: version === undefined ? [] : [{ name: 'ce_aggregateversion', value: Buffer.from(version) }],
  };
}

const parked = (...given: Parameters<typeof raw>) => parkedRecord(raw(...given));

describe('a parked record', () => {
  it('comes out byte by byte as it went in, headers without a value and twice the same name included', () => {
    const record: RawRecord = {
      ...raw(7),
      key: Buffer.from([1]),
      headers: [
        { name: 'a', value: Buffer.from('1') },
        { name: 'a', value: null },
        { name: '__proto__', value: Buffer.from([255]) },
      ],
    };
    expect(rawRecordOf('notes', parkedRecord(record))).toEqual(record);
  });

  it.each([0, 1, 1_000])(
    'is counted with at least the bytes that it takes in its document, with %i headers',
    (count) => {
      const headers = Array.from({ length: count }, (_, index) => ({
        name: `h${index}`,
        value: Buffer.alloc(index % 3),
      }));
      const record = parkedRecord({ ...raw(7), headers });
      expect(bytesOfRecord(record)).toBeGreaterThanOrEqual(mongo.BSON.calculateObjectSize(record));
    },
  );

  it('takes its turn by version, then, without one, in the order in which it was parked', () => {
    const events = [parked(1), parked(2, '10'), parked(3, '9'), parked(4, 'nonsense'), parked(5)];
    expect(byVersion(events).map(({ offset }) => offset)).toEqual(['3', '2', '1', '4', '5']);
  });
});

describe('an applied event', () => {
  const applied = (version?: number, offset = 5) => ({ version, origin: raw(offset).origin });

  it.each([
    ['of a lower version', parked(9, '3'), true],
    ['of the same version', parked(9, '4'), true],
    ['of a higher version', parked(1, '5'), false],
  ])('of version 4 supersedes a record %s, on any topic: %#', (_, record, superseded) => {
    for (const ordering of ['state', 'delta', 'creation'] as const) {
      expect(isSuperseded(record, applied(4), ordering)).toBe(superseded);
    }
  });

  it.each([
    ['before it', parked(4), true],
    ['after it', parked(6), false],
    ['of another partition', parked(4, undefined, 1), false],
    ['with a version', parked(4, '1'), false],
  ])('without version supersedes, on a state topic, a record %s: %#', (_, record, superseded) => {
    expect(isSuperseded(record, applied(), 'state')).toBe(superseded);
    expect(isSuperseded(record, applied(), 'delta')).toBe(false);
  });

  it('compares places as numbers, and makes all without version needless once it has one', () => {
    expect(isSuperseded(parked(9), applied(undefined, 10), 'state')).toBe(true);
    expect(isSuperseded(parked(99), applied(1), 'state')).toBe(true);
    expect(isSuperseded(parked(99), applied(1), 'delta')).toBe(false);
  });
});
