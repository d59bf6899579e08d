import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { type Engines, startEngines } from './engines';
import { isAlive } from './processes';

interface Note {
  _id: string;
  rank: number;
  text: string;
}

const READERS = 30;
const LARGE = 120;
const dataDir = mkdtempSync(join(tmpdir(), 'storefront-large-'));
let engines: Engines;
let client: mongo.MongoClient;

beforeAll(async () => {
  engines = await startEngines({ dataDir, kafkaPort: false, heapMb: 320 });
  client = await mongo.MongoClient.connect(String(engines.mongoUri), { maxPoolSize: READERS });
});

afterAll(async () => {
  await client.close();
  await engines.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

const collection = (name: string) => client.db('large').collection<Note>(name);
const idOf = (number: number) => String(number).padStart(4, '0');

async function fill(name: string, count: number, bytes: number): Promise<void> {
  const text = 'x'.repeat(bytes);
  // another order than that of the ids
  const notes = Array.from({ length: count }, (_, n) => ({ _id: idOf(n), rank: (n * 7) % count, text }));
  for (let at = 0; at < count; at += 20) await collection(name).insertMany(notes.slice(at, at + 20));
}

test('30 readers of large pages get them, and the engines go on', async () => {
  await fill('customers', LARGE, 243_000);
  const sorts: mongo.Sort[] = [{ _id: 1 }, { rank: 1, _id: 1 }, { rank: -1 }];
  const read = async (reader: number) => {
    const sort = sorts[reader % sorts.length] ?? {};
    const found = collection('customers').find({ deleted: { $ne: true } }, { sort, limit: 1_000, batchSize: 4 });
    const ids: string[] = [];
    for await (const { _id, text } of found) {
      expect(text).toHaveLength(243_000);
      ids.push(_id);
    }
    return ids;
  };
  const pages = await Promise.all(Array.from({ length: READERS }, async (_, reader) => read(reader)));
  const ids = Array.from({ length: LARGE }, (_, n) => idOf(n));
  // 7 has no divisor in common with it: each rank comes once
  const byRank = ids.toSorted((a, b) => ((Number(a) * 7) % LARGE) - ((Number(b) * 7) % LARGE));
  const wanted = [ids, byRank, byRank.toReversed()];
  for (const [reader, page] of pages.entries()) expect(page).toEqual(wanted[reader % sorts.length]);
  expect(isAlive(engines.pid)).toBe(true);
}, 120_000);

test('skip, limit, projection and the end of a page are those of MongoDB', async () => {
  await fill('small', 100, 10);
  const find = (options: mongo.FindOptions) =>
    collection('small')
      .find({ rank: { $lt: 50 } }, options)
      .toArray();
  const all = await find({});
  expect(all).toHaveLength(50);
  const sorted = all.toSorted((a, b) => a.rank - b.rank);
  expect(await find({ sort: { _id: 1 }, skip: 10, limit: 15, batchSize: 4 })).toEqual(all.slice(10, 25));
  expect(await find({ sort: { rank: 1 }, skip: 10, limit: 15, batchSize: 15 })).toEqual(sorted.slice(10, 25));
  expect(await find({ sort: { rank: 1 }, skip: 45, limit: 15, batchSize: 2 })).toEqual(sorted.slice(45));
  expect(await find({ skip: 60, batchSize: 2 })).toEqual([]);
  expect(await find({ projection: { rank: 1 }, sort: { rank: -1 }, limit: 1 })).toEqual([
    { _id: sorted[49]?._id, rank: 49 },
  ]);
  const some = { _id: { $in: ['0003', '0001', '0002', 'none'] } };
  const ids = collection('small')
    .find(some, { sort: { _id: -1 }, batchSize: 1 })
    .map(({ _id }) => _id);
  expect(await ids.toArray()).toEqual(['0003', '0002', '0001']);
});

test('what is removed while a page is read is left out, and nothing comes twice', async () => {
  await fill('changing', 60, 10);
  const seen: string[] = [];
  const found = collection('changing').find({}, { sort: { _id: 1 }, batchSize: 10 });
  for await (const { _id } of found) {
    seen.push(_id);
    if (seen.length === 10) await collection('changing').deleteMany({ _id: { $gte: '0040' } });
  }
  expect(seen.slice(0, 39)).toEqual(Array.from({ length: 39 }, (_, n) => idOf(n)));
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeLessThanOrEqual(41);
});

test('a delete and an update of many reach all of them', async () => {
  await fill('many', 500, 10_000);
  const updated = await collection('many').updateMany({}, { $set: { text: 'short' } });
  expect(updated.modifiedCount).toBe(500);
  expect((await collection('many').deleteMany({ text: 'short' })).deletedCount).toBe(500);
  expect(await collection('many').countDocuments()).toBe(0);
});
