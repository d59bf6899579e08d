import { LinkComparison } from './comparison';
import type { Link } from './links';
import type { Entry, Look, ServiceClient } from './service-client';

const link: Link = { name: 'notes', topic: 'notes', ordering: 'state', owner: 'accounts', replica: 'orders' };
const patience = { pageSize: 10, pauseMs: 0, patienceMs: 300, rounds: 3, maxSuspects: 100, pagePauseMs: 0 };

/** A service whose digest is another one at every look. */
class Scripted {
  private looks = 0;
  committed = 5;
  highWatermark = 5;
  trouble: string | undefined;
  parked: string[] = [];

  constructor(private readonly versions: Entry[][]) {}

  get client(): ServiceClient {
    return this as unknown as ServiceClient;
  }

  async *pages(): AsyncIterable<readonly Entry[]> {
    yield this.next();
  }

  look(): Promise<Look> {
    return Promise.resolve({
      entries: new Map(this.next().map((entry) => [entry.id, entry])),
      parked: new Set(this.parked),
    });
  }

  overview() {
    if (this.trouble) return Promise.resolve({ consumed: [], trouble: this.trouble });
    const [end, highWatermark] = [5, this.highWatermark];
    return Promise.resolve({
      consumed: [{ topic: 'notes', partition: 0, committed: this.committed, end, highWatermark }],
    });
  }

  private next(): Entry[] {
    return this.versions[Math.min(this.looks++, this.versions.length - 1)] ?? [];
  }
}

const at = (version: number, more: Partial<Entry> = {}): Entry[] => [
  { id: 'a', version, hash: `h${version}`, ...more },
];

async function compared(owner: Scripted, replica: Scripted) {
  const { drift, inFlight, caughtUp } = await new LinkComparison(
    link,
    { owner: owner.client, replica: replica.client },
    patience,
  ).run();
  return { drift: drift.map(({ difference }) => difference), inFlight: inFlight.map(({ why }) => why), caughtUp };
}

const fixed = (version: number, more: Partial<Entry> = {}) => new Scripted([at(version, more)]);

it('is drift when it stays behind what was on the topic before', async () => {
  expect(await compared(fixed(3), fixed(2))).toEqual({ drift: ['stale'], inFlight: [], caughtUp: 0 });
});

it('says what a person can do where no message helps', async () => {
  const requests = { ...link, ordering: 'creation' } as const;
  const sides = { owner: new Scripted([[]]).client, replica: fixed(1).client };
  const { drift } = await new LinkComparison(requests, sides, patience).run();
  expect(drift).toMatchObject([{ difference: 'extra', advice: expect.stringContaining('the order is not there') }]);
});

it('is no drift when it arrives meanwhile', async () => {
  const replica = new Scripted([at(2), at(2), at(3)]);
  expect(await compared(fixed(3), replica)).toEqual({ drift: [], inFlight: [], caughtUp: 1 });
});

it('waits for its owner to publish it', async () => {
  const owner = fixed(3, { pending: true });
  expect(await compared(owner, fixed(2))).toMatchObject({
    drift: [],
    inFlight: ['its owner has not published it yet'],
  });
});

it('waits for the consumer', async () => {
  const replica = fixed(2);
  replica.committed = 3;
  expect(await compared(fixed(3), replica)).toMatchObject({ drift: [], inFlight: ['orders is 2 records behind'] });
});

it('waits for what is behind an open transaction, and says so', async () => {
  const replica = fixed(2);
  replica.highWatermark = 8;
  const { drift, inFlight } = await compared(fixed(3), replica);
  expect({ drift, inFlight }).toEqual({
    drift: [],
    inFlight: ['orders is 3 records behind, a transaction that began at offset 5 of notes[0] is open'],
  });
});

it('cannot be told without Kafka', async () => {
  const replica = fixed(2);
  replica.trouble = 'connection refused';
  const { drift, inFlight } = await compared(fixed(3), replica);
  expect({ drift, inFlight }).toEqual({ drift: [], inFlight: [expect.stringContaining('connection refused')] });
});

it('may be parked, also where there is no copy yet', async () => {
  const replica = new Scripted([[]]);
  replica.parked = ['a'];
  expect(await compared(fixed(3), replica)).toMatchObject({ drift: [], inFlight: ['its events are parked'] });
});

it('may follow an owner that does not stand still', async () => {
  const owner = new Scripted([3, 3, 4, 6, 6, 8, 8, 10].map((version) => at(version)));
  const replica = new Scripted([2, 2, 5, 7, 9].map((version) => at(version)));
  expect(await compared(owner, replica)).toMatchObject({ drift: [], inFlight: ['it keeps changing'] });
});

it('is drift when its owner goes on and it does not', async () => {
  const owner = new Scripted([3, 3, 4, 6].map((version) => at(version)));
  expect(await compared(owner, fixed(2))).toMatchObject({ drift: ['stale'], inFlight: [] });
});

it('ends at so many that differ, and says that there may be more', async () => {
  const many = Array.from({ length: 7 }, (_, number) => ({ id: `a${number}`, version: 3, hash: 'h' }));
  const sides = { owner: new Scripted([many]).client, replica: new Scripted([[]]).client };
  const few = await new LinkComparison(link, sides, { ...patience, maxSuspects: 7 }).run();
  expect({ drift: few.drift.length, more: few.more }).toEqual({ drift: 7, more: true });
  const all = await new LinkComparison(link, sides, { ...patience, maxSuspects: 8 }).run();
  expect({ drift: all.drift.length, more: all.more }).toEqual({ drift: 7, more: undefined });
});
