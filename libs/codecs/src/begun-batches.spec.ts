import { batchOf, type CodecName, CODECS, random } from '../testing/batches';
import { account, nextOffset, read } from '../testing/reading';
import { BegunBatches } from './begun-batches';
import { FetchBudget } from './fetch-budget';
import { MAX_PARTITION_RECORDS, MAX_REMEMBERED_BYTES, REMEMBERED_FOR_MS } from './limits';

const CODEC_NAMES = Object.keys(CODECS) as CodecName[];

/** Counts how often a batch is inflated. */
class CountingBudget extends FetchBudget {
  static inflations = 0;

  override inflated(bytes: number): void {
    CountingBudget.inflations++;
    super.inflated(bytes);
  }
}

/** What fetches yield, one after the other, and how often they inflated something. */
function fetched(bytes: Buffer, end: number, begun: BegunBatches, fetchOffset = 0) {
  CountingBudget.inflations = 0;
  const offsets: string[] = [];
  let fetches = 0;
  for (let next = fetchOffset; next < end; fetches++) {
    const found = read(bytes, { fetchOffset: next }, { begun, budget: new CountingBudget() });
    offsets.push(...account(found, next));
    next = nextOffset(found, next);
  }
  return { offsets, fetches, inflations: CountingBudget.inflations };
}

/** With gaps, as after compaction. */
function gappy(count: number) {
  const next = random(3);
  let offsetDelta = -1;
  return Array.from({ length: count }, () => ({ offsetDelta: (offsetDelta += 1 + next(3)), value: `v${offsetDelta}` }));
}

describe('a batch that takes several fetches', () => {
  it.each(CODEC_NAMES)('is inflated once, and yields each record once (%s)', (codec) => {
    const records = gappy(5 * MAX_PARTITION_RECORDS);
    const end = (records.at(-1)?.offsetDelta ?? 0) + 1;
    const bytes = batchOf(records, { codec });
    const { offsets, fetches, inflations } = fetched(bytes, end, new BegunBatches());
    expect(offsets).toEqual(records.map(({ offsetDelta }) => String(offsetDelta)));
    expect(fetches).toBe(5);
    expect(inflations).toBe(codec === 'none' ? 0 : 1);
  });

  it('is read right from an earlier offset, and from one further on', () => {
    const bytes = batchOf(gappy(5_000), { codec: 'gzip' });
    const begun = new BegunBatches();
    const first = account(read(bytes, {}, { begun }));
    const last = Number(first.at(-1));
    expect(account(read(bytes, { fetchOffset: 10 }, { begun }), 10)).toEqual(
      account(read(bytes, { fetchOffset: 10 }), 10),
    );
    expect(account(read(bytes, { fetchOffset: last + 500 }, { begun }), last + 500)).toEqual(
      account(read(bytes, { fetchOffset: last + 500 }), last + 500),
    );
  });

  it('is not taken for another one at the same place', () => {
    const begun = new BegunBatches();
    const records = (value: string) => Array.from({ length: 3_000 }, (_, offsetDelta) => ({ offsetDelta, value }));
    read(batchOf(records('a'), { codec: 'gzip' }), {}, { begun });
    const [record] = read(batchOf(records('b'), { codec: 'gzip' }), { fetchOffset: 2_000 }, { begun });
    expect(record).toMatchObject({ offset: '2000', value: Buffer.from('b') });
  });
});

describe('the memory for such batches', () => {
  const batch = (id: string, bytes: number) => ({ id, inflated: Buffer.alloc(bytes), index: 1, at: 9, last: 0 });

  it('has one batch a partition, until it is asked for', () => {
    const begun = new BegunBatches();
    begun.remember('t:0', batch('a', 1));
    begun.remember('t:0', batch('b', 1));
    expect(begun.take('t:0', 'a')).toBeUndefined();
    begun.remember('t:0', batch('b', 1));
    expect(begun.take('t:1', 'b')).toBeUndefined();
    expect(begun.take('t:0', 'b')).toMatchObject({ id: 'b' });
    expect(begun.take('t:0', 'b')).toBeUndefined();
  });

  it('has no more than 16 MiB together: the oldest go', () => {
    const begun = new BegunBatches();
    for (const partition of [0, 1, 2]) begun.remember(`t:${partition}`, batch('a', MAX_REMEMBERED_BYTES / 2));
    expect([0, 1, 2].map((partition) => begun.take(`t:${partition}`, 'a') !== undefined)).toEqual([false, true, true]);
    begun.remember('t:0', batch('a', MAX_REMEMBERED_BYTES));
    expect(begun.take('t:0', 'a')).toBeDefined();
  });

  it('forgets after a minute what nobody asks for', () => {
    let now = 0;
    const begun = new BegunBatches(() => now);
    begun.remember('t:0', batch('a', 1));
    now = REMEMBERED_FOR_MS - 1;
    begun.remember('t:1', batch('b', 1));
    now = REMEMBERED_FOR_MS + 1;
    expect(begun.take('t:2', 'c')).toBeUndefined();
    expect(begun.take('t:0', 'a')).toBeUndefined();
    expect(begun.take('t:1', 'b')).toBeDefined();
  });
});
