import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { isStoreTrouble } from '../libs/messaging/src/mongo-errors';
import { type Engines, startEngines } from './engines';

const dataDir = mkdtempSync(join(tmpdir(), 'storefront-full-'));
const running: Engines[] = [];

async function store(): Promise<{ engines: Engines; client: mongo.MongoClient }> {
  const engines = await startEngines({ dataDir, kafkaPort: false });
  running.push(engines);
  const client = await mongo.MongoClient.connect(String(engines.mongoUri), {
    serverSelectionTimeoutMS: 5_000,
    retryWrites: false,
    retryReads: false,
  });
  return { engines, client };
}

afterAll(async () => {
  await Promise.all(running.map(async (engines) => engines.kill()));
  rmSync(dataDir, { recursive: true, force: true });
});

/** As if the disk was full: no file of the process may become larger than this one is. */
function allowNoMore({ pid }: Engines, file: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${statSync(file).size}`]);
}

// only Linux lets somebody else set a limit of a process
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a store that cannot write any more', () => {
  test('ends, and the next process has what was acknowledged', async () => {
    const { engines, client } = await store();
    const ended = new Promise<number | null>((resolve) => engines.onExit(resolve));
    const notes = client.db('full').collection<{ _id: number; text: string }>('notes');
    const acknowledged: number[] = [];
    const text = 'x'.repeat(100_000);
    await notes.insertOne({ _id: 0, text });
    allowNoMore(engines, join(dataDir, 'mongo', 'documents.mv'));
    const refusals: unknown[] = [];
    const write = async (writer: number) => {
      for (let count = 1; count < 100; count++) {
        const _id = writer * 100 + count;
        try {
          await (count % 2
            ? notes.insertOne({ _id, text })
            : notes.updateOne({ _id }, { $set: { text } }, { upsert: true }));
          acknowledged.push(_id);
        } catch (error) {
          refusals.push(error);
          break;
        }
      }
    };
    const read = async () => {
      while (refusals.length === 0) await notes.findOne({ _id: 0 }).catch((error: unknown) => refusals.push(error));
    };
    await Promise.all([...Array.from({ length: 12 }, async (_, writer) => write(writer)), read(), read()]);
    expect(await ended).toBe(74);
    // the same operation succeeds at the next process: no event is set aside for it, and no client told 500
    expect(refusals.filter((error) => !isStoreTrouble(error))).toEqual([]);
    expect(refusals.length).toBeGreaterThanOrEqual(12);
    await client.close();
    const again = await store();
    const found = await again.client.db('full').collection<{ _id: number }>('notes').find().toArray();
    expect(found.map(({ _id }) => _id)).toEqual(expect.arrayContaining([0, ...acknowledged]));
    await again.client.close();
  });
});
