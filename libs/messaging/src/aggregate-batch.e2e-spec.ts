import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../testing/harness';
import { type Note, noteTopic, written } from '../testing/note';
import { TcpProxy } from '../testing/tcp-proxy';
import { AggregateStore } from './aggregate-store';
import type { Decision } from './aggregate-write';

describe('a store of aggregates, in bulk,', () => {
  const topic = noteTopic();
  let proxy: TcpProxy;
  let connection: Connection;
  let parts: PublishingParts;
  let store: AggregateStore<Note, string>;
  /** The same aggregates, past the proxy. */
  let straight: AggregateStore<Note, string>;

  beforeAll(async () => {
    proxy = await TcpProxy.to(process.env.MONGODB_URI ?? '');
    connection = await connect();
    const proxied = await connect(connection.name, { uri: proxy.uri });
    // Kafka is away: what is written stays in the outboxes
    parts = publishing(topic, { started: false });
    store = new AggregateStore<Note, string>(proxied.collection('notes'), parts.publisher, { topic });
    straight = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
    closing.push(proxied);
  });

  afterAll(async () => {
    await parts.stop(0);
    for (const each of [...closing, connection]) await each.close();
    await proxy.close();
  });

  const closing: Connection[] = [];
  const document = (id: string) => straight.collection.findOne({ _id: id });
  const outbox = async (id: string) => (await document(id))?.outbox?.map(({ version }) => version);
  const textOf = (...ids: string[]) => Promise.all(ids.map(async (id) => (await store.find(id))?.state.text));
  const decide = (text: string) => (_: unknown, id: string) => written(id, text);

  it('changes and inserts many, and returns what it wrote', async () => {
    await store.insert('b1', written('b1', '1'));
    const result = await store.changeMany(['b1', 'b2', 'b2', 'b3'], (current, id): Decision<Note> | undefined =>
      id === 'b3' ? undefined : written(id, current ? `${current.state.text}+` : 'new'),
    );
    expect([...result]).toEqual([
      ['b1', 2],
      ['b2', 1],
    ]);
    expect(await textOf('b1', 'b2')).toEqual(['1+', 'new']);
    expect([await outbox('b1'), await outbox('b2'), await document('b3')]).toEqual([[1, 2], [1], null]);
  });

  it('loads, decides and writes large ones some at a time', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `large-${String(index).padStart(2, '0')}`);
    const large = 'x'.repeat(250_000);
    await store.collection.insertMany(ids.map((_id) => ({ _id, version: 1, text: large }) as never));
    let [run, longest] = [0, 0];
    const changed = await store.changeMany([...ids, 'large-new'], (_current, id) => {
      // what is loaded together is decided in one go
      longest = Math.max(longest, ++run);
      setImmediate(() => (run = 0));
      return written(id, 'small');
    });
    expect([...changed]).toEqual([...ids.map((id) => [id, 2]), ['large-new', 1]]);
    // 17 are 4 MiB; one answer of the store may bring more before the sizes are known
    expect(longest).toBeLessThan(40);
    expect(new Set(await textOf(...ids))).toEqual(new Set(['small']));
  });

  it('decides again only what others changed meanwhile', async () => {
    await store.changeMany(['c1', 'c2', 'c3'], decide('1'));
    const decided: string[] = [];
    const release = proxy.holdRequest('insert');
    const changing = store.changeMany(['c1', 'c2', 'c3', 'c4'], (current, id) => {
      decided.push(id);
      return written(id, `${current?.state.text ?? ''}!`);
    });
    // all are loaded and decided, none is written
    await eventually(
      () => proxy.struck,
      (times) => times === 1,
    );
    await straight.change('c2', () => written('c2', 'theirs'));
    await straight.insert('c4', written('c4', 'theirs'));
    release();
    expect([...(await changing)].sort()).toEqual([
      ['c1', 2],
      ['c2', 3],
      ['c3', 2],
      ['c4', 2],
    ]);
    expect(await textOf('c1', 'c2', 'c3', 'c4')).toEqual(['1!', 'theirs!', '1!', 'theirs!']);
    expect(decided).toEqual(['c1', 'c2', 'c3', 'c4', 'c2', 'c4']);
    expect([await outbox('c2'), await outbox('c4')]).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
  });

  it('inserts what is not there, once, and leaves the rest alone', async () => {
    await store.insert('i1', written('i1', 'first'));
    const item = (id: string) => ({ id, decision: written(id, 'bulk') });
    expect(await store.insertMany([item('i1'), item('i2'), item('i2'), item('i3')])).toEqual(new Set(['i2', 'i3']));
    expect(await store.insertMany([item('i2'), item('i3')])).toEqual(new Set());
    expect((await store.find('i1'))?.state.text).toBe('first');
    expect([await outbox('i2'), await outbox('i3')]).toEqual([[1], [1]]);
  });

  it('takes no other unique index for a duplicate', async () => {
    const collection = connection.collection('unique');
    await collection.createIndex({ text: 1 }, { unique: true });
    const notes = new AggregateStore<Note, string>(collection, parts.publisher);
    const item = (id: string) => ({ id, decision: { state: { id, text: 'same' } } });
    await expect(notes.insertMany([item('u1'), item('u2')])).rejects.toThrow('u2 was refused by another unique index');
  });
});
