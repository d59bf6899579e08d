import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../testing/harness';
import { readTopic, versionsOf } from '../testing/kafka';
import { type Note, noteTopic, written } from '../testing/note';
import { AggregateStore } from './aggregate-store';

/** A sweep rests 50 times as long as a look took, up to 30 s, and a mark has to be seen twice. */
const SWEPT_WITHIN_MS = 150_000;

describe('publishing', () => {
  const topic = noteTopic();
  let connection: Connection;
  const started: PublishingParts[] = [];

  function instance(): { store: AggregateStore<Note, string>; parts: PublishingParts } {
    const parts = publishing(topic);
    started.push(parts);
    const collection = connection.collection('notes');
    const store = new AggregateStore<Note, string>(collection, parts.publisher, {
      topic,
      snapshot: ({ state, deleted }) => ({ type: 'note.changed', value: deleted ? null : state }),
    });
    return { store, parts };
  }

  const outboxes = async () => connection.collection('notes').countDocuments({ outboxSince: { $exists: true } });

  beforeAll(async () => {
    connection = await connect();
  });

  afterAll(async () => {
    for (const parts of started) await parts.stop();
    await connection.close();
  });

  it('sends each version once, in order, with key and headers, and empties the outbox', async () => {
    const { store } = instance();
    await store.insert('a', written('a', '1'));
    await store.change('a', () => written('a', '2'));
    await store.remove('a', () => ({ type: 'note.deleted', value: null }));
    await eventually(outboxes, (count) => count === 0);
    const records = (await readTopic(topic.name)).filter(({ key }) => key === 'a');
    const firsts = records.filter(
      (record, index) =>
        records.findIndex(({ headers }) => headers.ce_aggregateversion === record.headers.ce_aggregateversion) ===
        index,
    );
    expect(firsts.map(({ value }) => value)).toEqual(['{"id":"a","text":"1"}', '{"id":"a","text":"2"}', null]);
    expect(firsts.map(({ headers }) => [headers.ce_aggregateversion, headers.ce_previousversion])).toEqual([
      ['1', '0'],
      ['2', '1'],
      ['3', '2'],
    ]);
    expect(firsts[2]?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_source: '/notes',
      ce_type: 'note.deleted',
      ce_subject: 'a',
      'content-type': 'application/json',
    });
    expect(await connection.collection('notes').findOne({ _id: 'a' as never })).toMatchObject({
      version: 3,
      deleted: true,
      outbox: [],
    });
  });

  it('keeps no more in memory than it may, and publishes the rest all the same', async () => {
    const parts = publishing(topic, { started: false, maxMemoryBytes: 20_000 });
    started.push(parts);
    const store = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
    const ids = Array.from({ length: 40 }, (_, index) => `full${index}`);
    await store.insert('first', written('first', '1'));
    await store.insertMany(ids.map((id) => ({ id, decision: written(id, 'x'.repeat(1_000)) })));
    for (const text of ['2', '3']) await store.change('first', () => written('first', text));
    expect(parts.publisher.pendingEvents).toBeGreaterThan(5);
    expect(parts.publisher.pendingEvents).toBeLessThan(10);
    parts.start();
    parts.sweep.start();
    await eventually(outboxes, (count) => count === 0, SWEPT_WITHIN_MS);
    expect(await versionsOf(topic, 'first')).toEqual([1, 2, 3]);
    const keys = new Set((await readTopic(topic.name)).map(({ key }) => key));
    expect(ids.filter((id) => !keys.has(id))).toEqual([]);
  });

  it('keeps order and ends with the newest when two instances write one aggregate', async () => {
    const [one, two] = [instance(), instance()];
    await one.store.insert('hot', written('hot', '1'));
    const writers = [one, two, one, two, one, two].map(async ({ store }) => {
      for (let n = 0; n < 15; n++) await store.change('hot', ({ version }) => written('hot', String(version + 1)));
    });
    await Promise.all(writers);
    for (const { parts } of [one, two]) parts.sweep.start();
    await eventually(outboxes, (count) => count === 0, SWEPT_WITHIN_MS);
    const versions = (await readTopic(topic.name))
      .filter(({ key }) => key === 'hot')
      .map(({ headers }) => Number(headers.ce_aggregateversion));
    const firstAppearances = [...new Set(versions)];
    expect(firstAppearances).toEqual(Array.from({ length: 91 }, (_, index) => index + 1));
    expect(versions.at(-1)).toBe(91);
  });
});
