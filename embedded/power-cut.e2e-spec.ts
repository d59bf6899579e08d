import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { Seeded } from '../test/faults/seeded';
import { type Engines, startEngines } from './engines';
import { mixedPages, type Moment, Moments } from './testing/mixed-pages';
import { StoreFile } from './testing/store-file';

/** What the README promises. */
const OLDEST_MS = 2_000;
const WRITERS = 4;
const ROUNDS = 6;

const root = mkdtempSync(join(tmpdir(), 'storefront-power-'));
const running: Engines[] = [];

afterAll(async () => {
  await Promise.all(running.map(async (engines) => engines.kill()));
  rmSync(root, { recursive: true, force: true });
});

interface Note {
  _id: string;
  writer: number;
  count: number;
  text: string;
}

/** Long enough for several pages, and different in every note, so that a page of another note would be seen. */
const textOf = (writer: number, count: number) => `${writer}-${count} `.repeat(100 + ((count * 37) % 1_500));

async function store(dataDir: string): Promise<{ engines: Engines; client: mongo.MongoClient }> {
  const engines = await startEngines({ dataDir, kafkaPort: false });
  running.push(engines);
  return { engines, client: await mongo.MongoClient.connect(String(engines.mongoUri)) };
}

const notesOf = (client: mongo.MongoClient) => client.db('power').collection<Note>('notes');
const latestOf = (client: mongo.MongoClient) => client.db('power').collection<{ _id: number; count: number }>('latest');

/** When each note of each writer was acknowledged, ms of the clock. */
type Acknowledged = number[][];

async function write(
  client: mongo.MongoClient,
  writer: number,
  { clock, until }: { clock: Moments; until: AbortSignal },
) {
  const acknowledged: number[] = [];
  for (let count = 0; !until.aborted; count++) {
    await notesOf(client).insertOne({ _id: `${writer}-${count}`, writer, count, text: textOf(writer, count) });
    await latestOf(client).updateOne({ _id: writer }, { $set: { count } }, { upsert: true });
    acknowledged.push(clock.nowMs());
    // so that space of replaced documents is given to others while the moments are taken
    if (count >= 60) await notesOf(client).deleteOne({ _id: `${writer}-${count - 60}` });
    await sleep(5);
  }
  return acknowledged;
}

async function momentsUnderLoad(): Promise<{ moments: Moment[]; acknowledged: Acknowledged }> {
  const { engines, client } = await store(join(root, 'written'));
  const clock = new Moments(engines, join(root, 'written', 'mongo', 'documents.mv'));
  const stop = new AbortController();
  const writers = Array.from({ length: WRITERS }, async (_, writer) =>
    write(client, writer, { clock, until: stop.signal }),
  );
  const moments: Moment[] = [];
  await sleep(1_000);
  for (let round = 0; round <= ROUNDS; round++) {
    moments.push(clock.take());
    await sleep(250 + 120 * (round % 4));
  }
  stop.abort();
  const acknowledged = await Promise.all(writers);
  await client.close();
  await engines.kill();
  return { moments, acknowledged };
}

test('what a power cut leaves is one moment of the last 2 s', async () => {
  const { moments, acknowledged } = await momentsUnderLoad();
  const seed = Seeded.of(7, 'power cut');
  const random = () => seed.next();
  const cuts = moments.slice(1).map((later, index) => ({ earlier: moments[Math.max(0, index - (index % 2))]!, later }));
  const wrong: string[] = [];
  for (const [round, { earlier, later }] of cuts.entries()) {
    const dataDir = join(root, `cut-${round}`);
    mkdirSync(join(dataDir, 'mongo'), { recursive: true });
    const late = [0.5, 0.1, 0.9][round % 3]!;
    writeFileSync(join(dataDir, 'mongo', 'documents.mv'), mixedPages(earlier.content, later.content, { late, random }));
    const found = await afterCut(dataDir);
    wrong.push(...violations(found, { acknowledged, cutAtMs: later.atMs }).map((what) => `cut ${round}: ${what}`));
  }
  expect(wrong).toEqual([]);
}, 240_000);

interface Found {
  notes: Note[];
  latest: Map<number, number>;
}

/** Opens what is left, reads all of it, writes, and reads it again after a kill. */
async function afterCut(dataDir: string): Promise<Found> {
  const first = await store(dataDir);
  const notes = await notesOf(first.client).find().toArray();
  const latest = new Map((await latestOf(first.client).find().toArray()).map(({ _id, count }) => [_id, count]));
  await notesOf(first.client).insertOne({ _id: 'after', writer: -1, count: 0, text: 'after' });
  await first.client.close();
  await first.engines.kill();
  const second = await store(dataDir);
  const again = await notesOf(second.client).find().toArray();
  expect(again.length).toBe(notes.length + 1);
  await second.client.close();
  await second.engines.kill();
  rmSync(dataDir, { recursive: true });
  return { notes, latest };
}

function violations({ notes, latest }: Found, told: { acknowledged: Acknowledged; cutAtMs: number }): string[] {
  const wrong: string[] = [];
  for (const { _id, writer, count, text } of notes) {
    if (text !== textOf(writer, count)) wrong.push(`${_id} has another's text`);
  }
  for (const [writer, times] of told.acknowledged.entries()) {
    const counts = new Set(notes.filter((note) => note.writer === writer).map(({ count }) => count));
    const last = Math.max(-1, ...counts);
    const expected = times.findLastIndex((atMs) => atMs <= told.cutAtMs - OLDEST_MS);
    if (last < expected) wrong.push(`writer ${writer}: ${last} is the last, ${expected} is older than ${OLDEST_MS} ms`);
    for (let count = Math.max(0, last - 59); count <= last; count++) {
      if (!counts.has(count)) wrong.push(`writer ${writer}: ${count} is missing before ${last}`);
    }
    // the note comes first
    const noted = latest.get(writer) ?? -1;
    if (noted !== last && noted !== last - 1) wrong.push(`writer ${writer}: ${last} is the last, ${noted} is noted`);
  }
  return wrong;
}

/** What a killed process leaves of 20 large notes, saved one after the other. */
async function killedStore(name: string): Promise<{ dataDir: string; path: string; file: StoreFile }> {
  const dataDir = join(root, name);
  const { engines, client } = await store(dataDir);
  for (let count = 0; count < 20; count++) {
    await notesOf(client).insertOne({ _id: `0-${count}`, writer: 0, count, text: textOf(0, count) });
    await sleep(20);
  }
  await client.close();
  await engines.kill();
  const path = join(dataDir, 'mongo', 'documents.mv');
  return { dataDir, path, file: new StoreFile(readFileSync(path)) };
}

test('a file without a complete version is refused at every start, and stays as it is', async () => {
  const { dataDir, path, file } = await killedStore('damaged');
  const { chunks } = file;
  expect(chunks.length).toBeGreaterThan(5);
  for (const chunk of chunks.slice(0, -1)) file.damage(chunk);
  for (const step of ['killed', 'died while it tried a version']) {
    if (step.startsWith('died')) file.tryVersionOf(chunks.at(-1)!);
    writeFileSync(path, file.content);
    for (const start of [1, 2]) {
      await expect(store(dataDir).then(() => `${step}, start ${start}`)).rejects.toThrow(
        'no version of it is complete',
      );
      expect([step, start, readFileSync(path).equals(file.content)]).toEqual([step, start, true]);
    }
  }
}, 120_000);

test('a process that dies while it tries an old version does not bring it back', async () => {
  const { dataDir, path, file } = await killedStore('tried');
  file.tryVersionOf(file.chunks.at(-5)!);
  writeFileSync(path, file.content);
  const { engines, client } = await store(dataDir);
  expect(await notesOf(client).countDocuments()).toBe(20);
  await client.close();
  await engines.kill();
  expect(readFileSync(path).toString('latin1', 0, 8192)).not.toContain('trying');
}, 60_000);
