import { Counter } from 'prom-client';
import type { GroupLog } from '../kafka/group-logs';
import { GapWatch, type GapWatchParts } from './gap-watch';
import { type LogPlace, ownKey } from './own-offsets';
import type { SeekTo } from './skip-watch';

const topic = 't';
const log = (partition: number, at: Partial<GroupLog> = {}): GroupLog => ({
  topic,
  partition,
  id: 'log',
  isSure: true,
  low: 0,
  end: 100,
  committed: 50,
  ...at,
});

/** A store in memory that does to a document what the real one does. */
class Store {
  readonly offsets = new Map<string, number>();
  readonly begun: LogPlace[] = [];
  /** How many documents can be begun before the store is gone. */
  room = Infinity;

  readonly parts: GapWatchParts['own'] = {
    read: async () => new Map(this.offsets),
    flush: async () => undefined,
    advance: async (places) => {
      for (const place of places) this.set(place, Math.max(place.offset, this.offsets.get(ownKey(place)) ?? 0));
    },
    begin: async (places) => {
      for (const place of places) {
        if (this.room-- <= 0) throw new Error('gone');
        this.begun.push(place);
        if (!this.offsets.has(ownKey(place))) this.set(place, place.offset);
      }
    },
    move: async (place, from) => {
      if (this.offsets.get(ownKey(place)) === from) this.set(place, place.offset);
    },
    passOver: async () => undefined,
  };

  of(partition: number): number | undefined {
    return this.offsets.get(ownKey({ id: 'log', partition }));
  }

  set(place: { readonly id: string; readonly partition: number }, offset: number): void {
    this.offsets.set(ownKey(place), offset);
  }
}

describe('the watch over gaps', () => {
  let store: Store;
  let logs: GroupLog[];
  let seeks: SeekTo[];
  /** What happens while the logs are read. */
  let meanwhile: () => void | Promise<void>;

  beforeEach(() => {
    [store, logs, seeks, meanwhile] = [new Store(), [log(0)], [], () => undefined];
  });

  function watching(): GapWatch {
    return new GapWatch({
      read: async () => {
        const read = [...logs];
        await meanwhile();
        return read;
      },
      own: store.parts,
      metrics: {
        gap: () => undefined,
        gaps: new Counter({ name: 'gaps', help: 'gaps', labelNames: ['topic'], registers: [] }),
      },
      seek: (to) => seeks.push(to),
      recordsGone: () => undefined,
    });
  }

  const at = (offset: number, partition = 0) => ({ topic, partition, offset });

  it('does not lower an offset that rose while the logs were read', async () => {
    store.set(log(0), 100);
    logs = [log(0, { committed: 100 })];
    meanwhile = () => store.set(log(0), 110);
    const watch = watching();
    watch.joined({ t: [0] });
    expect(await watch.isContinuous(at(100))).toBe(true);
    expect([store.of(0), seeks]).toEqual([110, []]);
  });

  it('finds a gap in a log that lost its end and grew again, without another rebalance', async () => {
    store.set(log(0), 95);
    logs = [log(0, { committed: 95, end: 95 })];
    const watch = watching();
    watch.joined({ t: [0] });
    expect(await watch.isContinuous(at(95))).toBe(true);
    logs = [log(0, { committed: 60, end: 80 })];
    expect(await watch.isContinuous(at(96))).toBe(false);
    expect(store.of(0)).toBe(60);
    seeks = [];
    logs = [log(0, { committed: 70, end: 90 })];
    expect(await watch.isContinuous(at(70))).toBe(false);
    expect(seeks.at(-1)).toEqual(at(60));
  });

  it.each<[string, { own?: number; committed: number | undefined; knownUntil: number }]>([
    ['was applied here before', { own: 50, committed: 0, knownUntil: 50 }],
    ['a lost store had applied before', { committed: 0, knownUntil: 100 }],
    ['a new service reads first', { committed: undefined, knownUntil: 0 }],
    ['came while nobody was there', { own: 50, committed: 50, knownUntil: 50 }],
    ['another store has taken', { own: 40, committed: 50, knownUntil: 40 }],
  ])('knows what is no news: what %s', async (_, { own, committed, knownUntil }) => {
    if (own !== undefined) store.set(log(0), own);
    logs = [log(0, { committed })];
    const watch = watching();
    watch.joined({ t: [0] });
    await watch.isContinuous(at(Math.min(committed ?? 0, own ?? Infinity)));
    await watch.beforeCommit([at(70)]);
    expect([watch.knownUntil(at(0)), watch.knownUntil(at(0, 1))]).toEqual([knownUntil, 0]);
  });

  it("leaves another member's partition as it is where its log lost its end", async () => {
    logs = [log(0), log(1, { end: 80 })];
    for (const each of logs) store.set(each, 95);
    const watch = watching();
    watch.joined({ t: [0] });
    expect(await watch.isContinuous(at(50))).toBe(true);
    expect(store.of(1)).toBe(95);
  });

  it('goes on with a first start that broke off, and takes no partition for a new one', async () => {
    logs = [log(0), log(1), log(2)];
    store.room = 1;
    const broken = watching();
    broken.joined({ t: [0, 1, 2] });
    await expect(broken.isContinuous(at(50))).rejects.toThrow('gone');
    expect([store.of(0), store.of(1), store.of(2)]).toEqual([undefined, undefined, 50]);
    store.room = Infinity;
    const watch = watching();
    watch.joined({ t: [0, 1, 2] });
    expect(await watch.isContinuous(at(50))).toBe(true);
    expect([seeks, store.of(0), store.of(1)]).toEqual([[], 50, 50]);
  });

  it('leaves at a first start what another instance has begun and moved on', async () => {
    logs = [log(0), log(1)];
    const { read } = store.parts;
    let looks = 0;
    store.parts.read = async () => {
      const found = await read();
      if (++looks === 2) for (const each of logs) store.set(each, 70);
      return found;
    };
    const watch = watching();
    watch.joined({ t: [0, 1] });
    expect(await watch.isContinuous(at(50))).toBe(true);
    expect([store.of(0), store.of(1), seeks]).toEqual([70, 70, []]);
  });

  it('begins partitions that were added later at their beginning, the first one first', async () => {
    store.set(log(0), 50);
    logs = [log(0), log(2, { committed: undefined, end: 0 }), log(1, { committed: 30 })];
    const watch = watching();
    watch.joined({ t: [0, 1, 2] });
    expect(await watch.isContinuous(at(30, 1))).toBe(false);
    expect(seeks[0]).toEqual(at(0, 1));
    expect(store.begun.map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('compares before a batch is committed that ends after a rejoin, also where it is shared out anew meanwhile', async () => {
    store.set(log(0), 50);
    const watch = watching();
    watch.joined({ t: [0] });
    expect(await watch.isContinuous(at(50))).toBe(true);
    let joins = 0;
    meanwhile = () => {
      if (joins++ === 0) watch.joined({ t: [0] });
    };
    watch.joined({ t: [0] });
    await watch.beforeCommit([at(60)]);
    expect([store.of(0), joins]).toEqual([60, 2]);
  });

  it('compares for a commit although it was stopped, and a commit is not kept from by what fails', async () => {
    store.set(log(0), 50);
    const watch = watching();
    watch.joined({ t: [0] });
    watch.stop();
    await watch.beforeCommit([at(55)]);
    expect(store.of(0)).toBe(55);
    meanwhile = () => Promise.reject(new Error('away'));
    watch.joined({ t: [0] });
    await watch.beforeCommit([at(60)]);
    expect(store.of(0)).toBe(55);
  });

  it('keeps what a batch has applied whose partition went to another member meanwhile', async () => {
    store.set(log(0), 50);
    const watch = watching();
    watch.joined({ t: [0] });
    expect(await watch.isContinuous(at(50))).toBe(true);
    watch.joined({ t: [] });
    await watch.beforeCommit([at(60)]);
    expect(store.of(0)).toBe(60);
  });
});
