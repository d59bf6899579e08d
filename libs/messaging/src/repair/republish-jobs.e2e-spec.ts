import { type Connection, mongo } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../../testing/harness';
import { readTopic } from '../../testing/kafka';
import { type Note, noteTopic, written } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';
import type { Topic } from '../topic';
import { DigestReader } from './digest';
import { type RepublishJob, RepublishRefused, RepublishUnknown } from './republish-job';
import { RepublishJobs } from './republish-jobs';

let connection: Connection;
const started: { parts: PublishingParts; jobs: RepublishJobs }[] = [];

/** One instance of a service with its publisher, its sweep not running. */
function instance(topic: Topic<Note>) {
  const parts = publishing(topic);
  const options = {
    topic,
    snapshot: ({ state, deleted }: { state: Note; deleted: boolean }) => ({
      type: deleted ? 'note.deleted' : 'note.changed',
      value: deleted ? null : state,
    }),
  };
  const store = new AggregateStore<Note, string>(connection.collection(topic.name), parts.publisher, options);
  const jobs = new RepublishJobs(connection, parts.publisher);
  jobs.onApplicationBootstrap();
  started.push({ parts, jobs });
  return { store, parts, jobs };
}

async function published(topic: Topic<Note>): Promise<void> {
  const waiting = () => connection.collection(topic.name).countDocuments({ outboxSince: { $exists: true } });
  await eventually(waiting, (count) => count === 0);
}

const ended = (jobs: RepublishJobs, { _id }: RepublishJob) =>
  eventually(
    () => jobs.find(_id),
    ({ state }) => state !== 'running',
  );

/** What is on the topic of each key beyond its first appearance, in order. */
async function resent(topic: Topic<Note>): Promise<string[]> {
  const seen = new Set<string>();
  return (await readTopic(topic.name)).flatMap(({ key, headers, value }) => {
    const name = `${key} ${headers.ce_aggregateversion}`;
    const again = seen.has(name);
    seen.add(name);
    return again ? [`${name} ${value} ${headers.ce_id}`] : [];
  });
}

beforeAll(async () => {
  connection = await connect();
});
afterAll(async () => {
  for (const { parts, jobs } of started) {
    await jobs.onModuleDestroy();
    await parts.stop();
  }
  await connection.close();
});

it('sends the newest version of what it is asked for again, tombstones too, under the same event id', async () => {
  const topic = noteTopic();
  const { store, jobs } = instance(topic);
  for (const id of ['a', 'b', 'c']) await store.insert(id, written(id, '1'));
  await store.change('a', () => written('a', '2'));
  await store.remove('c', () => ({ type: 'note.deleted', value: null }));
  await published(topic);
  const job = await jobs.start({ topic: topic.name, ids: ['a', 'c', 'nobody'], rate: 1_000 });
  expect(await ended(jobs, job)).toMatchObject({ state: 'done', sent: 2, raised: 0, skipped: 1 });
  const ids = await connection.collection(topic.name).find().toArray();
  const lastWrite = (id: string) =>
    (ids.find(({ _id }) => String(_id) === id)?.recentEventIds as string[] | undefined)?.at(-1);
  expect((await resent(topic)).toSorted()).toEqual([
    `a 2 {"id":"a","text":"2"} ${lastWrite('a')}`,
    `c 2 null ${lastWrite('c')}`,
  ]);
  // first a 1, b 1, c 1, a 2, c 2, as live events; what the job sent is marked
  const marks = (await readTopic(topic.name)).map(({ headers }) => headers.ce_resent ?? 'live');
  expect(marks.toSorted()).toEqual(['live', 'live', 'live', 'live', 'live', 'true', 'true']);
  expect(await connection.collection(topic.name).countDocuments({ version: { $gt: 2 } })).toBe(0);
});

it('sends only what changed since', async () => {
  const topic = noteTopic();
  const { store, jobs } = instance(topic);
  await store.insert('old', written('old', '1'));
  await published(topic);
  const old = await connection.collection(topic.name).findOne({ _id: 'old' as never });
  const changedSince = Number(old?.eventAt) + 1;
  await eventually(
    () => Date.now(),
    (now) => now >= changedSince,
  );
  await store.insert('new', written('new', '1'));
  await published(topic);
  const job = await jobs.start({ topic: topic.name, changedSince, rate: 1_000 });
  expect(await ended(jobs, job)).toMatchObject({ state: 'done', sent: 1 });
  expect(await resent(topic)).toEqual([expect.stringMatching(/^new 1 /)]);
});

it('raises a version above a copy that has run ahead, brings what was never versioned in, and buries what is unknown', async () => {
  const topic = noteTopic();
  const { store, jobs } = instance(topic);
  await store.insert('a', written('a', '1'));
  const original = new mongo.ObjectId();
  await connection.collection(topic.name).insertOne({ _id: original, text: 'of an original service' });
  const raised = await jobs.start({
    topic: topic.name,
    ids: ['a', 'ghost'],
    raise: true,
    above: { a: 7, ghost: 3 },
    rate: 1_000,
  });
  await ended(jobs, raised);
  expect(await ended(jobs, await jobs.start({ topic: topic.name, rate: 1_000 }))).toMatchObject({ raised: 1 });
  expect(await store.find('a')).toMatchObject({ version: 8, state: { id: 'a', text: '1' } });
  expect(await store.find('ghost')).toMatchObject({ version: 4, deleted: true });
  expect(await store.find(original.toHexString())).toMatchObject({
    version: 1,
    state: { text: 'of an original service' },
  });
  await published(topic);
  const last = new Map((await readTopic(topic.name)).map(({ key, headers }) => [key, headers.ce_aggregateversion]));
  expect(Object.fromEntries(last)).toEqual({ a: '8', ghost: '4', [original.toHexString()]: '1' });
});

it('goes on where a dead instance stopped, and ends when it is cancelled', async () => {
  const topic = noteTopic();
  const one = instance(topic);
  const ids = Array.from({ length: 20 }, (_, index) => `n${String(index).padStart(2, '0')}`);
  for (const id of ids) await one.store.insert(id, written(id, '1'));
  await published(topic);
  const job = await one.jobs.start({ topic: topic.name, rate: 4 });
  await eventually(
    () => one.jobs.find(job._id),
    ({ cursor }) => cursor !== undefined,
  );
  await one.jobs.onModuleDestroy();
  const left = await one.jobs.find(job._id);
  expect(left).toMatchObject({ state: 'running' });
  const two = instance(topic);
  expect(await ended(two.jobs, job)).toMatchObject({ state: 'done', sent: 20, cursor: 'n19' });
  const again = (await resent(topic)).map((line) => line.split(' ')[0]);
  expect([...new Set(again)].toSorted()).toEqual(ids);

  const endless = await two.jobs.start({ topic: topic.name, rate: 0.5 });
  expect(await two.jobs.cancel(endless._id)).toMatchObject({ state: 'cancelled' });
  expect((await two.jobs.list())[0]).toMatchObject({ id: endless._id, state: 'cancelled' });
});

it('refuses what it does not own, and to raise where versions count', async () => {
  const delta = noteTopic('delta');
  const { jobs } = instance(delta);
  await expect(jobs.start({ topic: 'nobody.s.topic', rate: 1 })).rejects.toThrow(RepublishRefused);
  await expect(jobs.start({ topic: delta.name, raise: true, rate: 1 })).rejects.toThrow(RepublishRefused);
  await expect(jobs.find('unknown')).rejects.toThrow(RepublishUnknown);
});

it('pages through ids of both kinds, each once', async () => {
  const collection = connection.collection('paged');
  const objectIds = Array.from({ length: 5 }, () => new mongo.ObjectId());
  const texts = ['a', 'b', 'é', 'z', 'zz'];
  await collection.insertMany([...objectIds, ...texts].map((_id) => ({ _id: _id as never, version: 1, text: 'x' })));
  const digest = {
    topic: noteTopic(),
    role: 'owner' as const,
    collection: 'paged',
    read: ({ version, state }: { version: number; state: object }) => ({ version, content: state }),
  };
  const reader = new DigestReader(digest, connection, () => Promise.resolve(new Set<string>()));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await reader.page(after, 3);
    expect(page.entries.length).toBeLessThanOrEqual(3);
    seen.push(...page.entries.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  expect(seen).toHaveLength(10);
  expect(new Set(seen)).toEqual(new Set([...objectIds.map(String), ...texts]));
  const { entries } = await reader.of(['a', 'nobody', String(objectIds[0])]);
  expect(new Set(entries.map(({ hash }) => hash)).size).toBe(1);
  expect(entries).toHaveLength(2);
});
