import { mongo } from 'mongoose';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AggregateDocument } from './document';
import { LiveCount } from './live-count';

describe('the total of a collection', () => {
  let client: mongo.MongoClient;
  let collection: mongo.Collection<AggregateDocument>;
  const commands: string[] = [];

  beforeAll(async () => {
    client = new mongo.MongoClient(process.env.MONGODB_URI ?? '', { monitorCommands: true });
    client.on('commandStarted', ({ commandName }) => commands.push(commandName));
    await client.connect();
  });

  beforeEach(async () => {
    collection = client.db(`count_${randomUUID().replaceAll('-', '')}`).collection<AggregateDocument>('things');
    await insert(20);
    await collection.updateOne({}, { $set: { deleted: true } });
    commands.length = 0;
  });

  afterEach(() => collection.drop());

  afterAll(() => client.close());

  async function insert(count: number): Promise<void> {
    await collection.insertMany(Array.from({ length: count }, () => ({ _id: randomUUID(), version: 1 })));
  }

  /** countDocuments is an aggregation, estimatedDocumentCount a count without a query. */
  const countings = () => commands.filter((name) => name === 'aggregate').length;

  it('is exact at once while it is small', async () => {
    const count = new LiveCount(() => collection, 100);
    expect(await count.total()).toBe(19);
    await insert(5);
    expect(await count.total()).toBe(24);
    await collection.updateOne({ deleted: { $ne: true } }, { $set: { deleted: true } });
    expect(await count.total()).toBe(23);
    expect(commands.filter((name) => name === 'count')).toEqual([]);
    commands.length = 0;
    expect(await Promise.all(Array.from({ length: 20 }, () => count.total()))).toEqual(Array<number>(20).fill(23));
    expect(countings()).toBe(1);
  });

  it('sees inserts at once when it is large, and counts seldom', async () => {
    const count = new LiveCount(() => collection, 10);
    const begin = performance.now();
    expect(await count.total()).toBe(19);
    for (let total = 20; total < 30; total++) {
      await insert(1);
      expect(await count.total()).toBe(total);
    }
    expect(countings()).toBeLessThanOrEqual(1 + Math.floor((performance.now() - begin) / 1_000));
  });

  it('is exact again when all is quiet, after deletions too', async () => {
    const count = new LiveCount(() => collection, 10);
    await count.total();
    await collection.updateMany({}, { $set: { deleted: true } });
    for (const begin = performance.now(); (await count.total()) > 0; await sleep(50)) {
      expect(performance.now() - begin).toBeLessThan(120_000);
    }
    expect(await count.total()).toBe(0);
    await insert(3);
    expect(await count.total()).toBe(3);
  });

  it('is counted once however many ask at the same time', async () => {
    const count = new LiveCount(() => collection, 10);
    await count.total();
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
    const totals = await Promise.all(Array.from({ length: 20 }, () => count.total()));
    expect(new Set(totals)).toEqual(new Set([19]));
    expect(countings()).toBe(2);
    jest.restoreAllMocks();
  });
});
