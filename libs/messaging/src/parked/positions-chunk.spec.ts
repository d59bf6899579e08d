import { calculateObjectSize } from 'bson';
import {
  chunkId,
  chunkOf,
  entriesIn,
  laneHash,
  offsetOf,
  type PositionsChunk,
  runsOf,
  spanOf,
} from './positions-chunk';

describe('a chunk of positions', () => {
  const chunk = (entries: PositionsChunk['entries'], facts: PositionsChunk['facts'] = {}): PositionsChunk => ({
    _id: 'notes#0#4',
    topic: 'notes',
    partition: 0,
    chunk: 4,
    entries,
    facts,
    oldest: 1_000,
    reason: 'full',
    parkedAt: new Date(0),
    attempts: 0,
    nextAttemptAt: null,
  });

  it('holds the offsets that share their thousands', () => {
    expect([0, 999, 1_000, 2 ** 40].map(chunkOf)).toEqual([0, 0, 1, 1_099_511_627]);
    expect(chunkId({ topic: 'a.b', partition: 3, offset: 1_999 })).toBe('a.b#3#1');
    expect(offsetOf({ chunk: 4 }, { o: 7 })).toBe(4_007);
  });

  it('takes at most 40 bytes an entry, 30 KiB in all', () => {
    const entries = Array.from({ length: 1_000 }, (_, o) => ({ o, l: laneHash(`notes|${o}`) }));
    expect(calculateObjectSize(entries) / entries.length).toBeLessThan(40);
    expect(calculateObjectSize(chunk(entries))).toBeLessThan(30 * 1024);
  });

  it('stays under the 16 MiB of a document when each of its entries could not be opened', () => {
    const entries = Array.from({ length: 1_000 }, (_, o) => ({ o, l: laneHash(`notes|${o}`) }));
    const fact = { reason: '\u20ac'.repeat(300), sizeBytes: 2 ** 31, sha256: 'f'.repeat(64), first: 2 ** 50 };
    const facts = Object.fromEntries(entries.map(({ o }) => [String(o), fact]));
    expect(calculateObjectSize(chunk(entries, facts))).toBeLessThan(2 * 1024 * 1024);
  });

  it('tells lanes apart by 52 bits that a double keeps', () => {
    const hashes = new Set(Array.from({ length: 10_000 }, (_, n) => laneHash(`notes|${n}`)));
    expect(hashes.size).toBe(10_000);
    expect(Math.max(...hashes)).toBeLessThan(2 ** 52);
    expect([...hashes].every(Number.isSafeInteger)).toBe(true);
    expect(laneHash('notes|1')).toBe(laneHash('notes|1'));
  });

  it('finds the entries that a range touches, a batch by any of its offsets', () => {
    const batch = chunk(
      [
        { o: 9, l: 1 },
        { o: 5, l: 2 },
        { o: 1, l: 3 },
      ],
      { 5: { reason: 'too large', first: 4_003 } },
    );
    expect(spanOf(batch, { o: 5, l: 2 })).toEqual({ first: 4_003, last: 4_005 });
    expect(entriesIn(batch, { from: 4_004, to: 4_008 }).map(({ o }) => o)).toEqual([5]);
    expect(entriesIn(batch, { from: 0, to: 9_000 }).map(({ o }) => o)).toEqual([1, 5, 9]);
  });

  it('puts neighbours together', () => {
    const spans = [1, 2, 3, 7].map((offset) => ({ first: offset, last: offset }));
    expect(runsOf([...spans, { first: 8, last: 12 }])).toEqual([
      { first: 1, last: 3 },
      { first: 7, last: 12 },
    ]);
    expect(runsOf([])).toEqual([]);
  });
});
