import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../../testing/harness';
import { Kafka, readTopic } from '../../testing/kafka';
import { type Note, noteTopic, written } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';
import type { AggregateDocument } from '../document';

const LIMIT_BYTES = 20_000;

describe('on a topic that takes small batches only', () => {
  let connection: Connection;
  let kafka: Kafka;
  const started: PublishingParts[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    await Promise.all(started.map((parts) => parts.stop(0)));
    await kafka.close();
    await connection.close();
  });

  async function instance(collection: string, partitions: number) {
    const topic = { ...noteTopic('state', partitions), configEntries: { 'max.message.bytes': String(LIMIT_BYTES) } };
    await kafka.create(topic);
    const parts = publishing(topic);
    started.push(parts);
    return {
      topic,
      parts,
      store: new AggregateStore<Note, string>(connection.collection(collection), parts.publisher, { topic }),
    };
  }

  const waiting = async (collection: string) => {
    const left = connection.collection<AggregateDocument>(collection).find({ outboxSince: { $exists: true } });
    return (await left.toArray()).map(({ _id }) => _id);
  };
  const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
  const write = (store: AggregateStore<Note, string>, ids: string[], length: (id: string) => number) =>
    store.insertMany(ids.map((id) => ({ id, decision: written(id, 'x'.repeat(length(id))) })));

  it('batches are split until they fit, none is dropped and none called too large', async () => {
    const { topic, parts, store } = await instance('split', 3);
    const ids = many(300);
    await write(store, ids, () => 1_000);
    await eventually(
      () => waiting('split'),
      (left) => left.length === 0,
    );
    expect(new Set((await readTopic(topic.name)).map(({ key }) => key))).toEqual(new Set(ids));
    expect((await parts.metrics.refused.get()).values).toEqual([expect.objectContaining({ value: 0 })]);
  });

  it('an event too large for it stays in its document, with what follows it; all others are published', async () => {
    const { topic, parts, store } = await instance('large', 2);
    const ids = many(60);
    const large = ['n7', 'n8', 'n30'];
    await write(store, ids, (id) => (large.includes(id) ? LIMIT_BYTES + 1 : 200));
    await store.change('n7', () => written('n7', 'small'));
    await eventually(
      () => waiting('large'),
      (left) => left.length === large.length,
    );
    expect((await waiting('large')).sort()).toEqual(large.toSorted());
    const keys = new Set((await readTopic(topic.name)).map(({ key }) => key));
    expect(keys).toEqual(new Set(ids.filter((id) => !large.includes(id))));
    await eventually(
      () => parts.publisher.pendingEvents,
      (events) => events === 0,
    );
    expect((await store.collection.findOne({ _id: 'n7' }))?.outbox).toHaveLength(2);
  });
});
