import { type Connection, mongo } from 'mongoose';
import { connect, publishing, type PublishingParts } from '../testing/harness';
import { entry, type Note, noteTopic, written } from '../testing/note';
import { AggregateStore } from './aggregate-store';
import { documentId } from './document';

describe('a store of aggregates', () => {
  const topic = noteTopic();
  let connection: Connection;
  let parts: PublishingParts;
  let store: AggregateStore<Note, string>;

  beforeAll(async () => {
    connection = await connect();
    // Kafka is away: what is written stays in the outboxes
    parts = publishing(topic, { started: false });
    store = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
  });

  afterAll(async () => {
    await parts.stop(0);
    await connection.close();
  });

  const document = (id: string) => store.collection.findOne({ _id: documentId(id) });
  const outbox = async (id: string) => (await document(id))?.outbox?.map(({ version }) => version);
  const removed = () => ({ type: 'note.deleted', value: null });

  it('inserts an id once', async () => {
    expect(await store.insert('once', written('once', '1'))).toEqual({
      id: 'once',
      version: 1,
      state: { id: 'once', text: '1' },
      deleted: false,
    });
    await expect(store.insert('once', written('once', '2'))).rejects.toMatchObject({
      name: 'AggregateExists',
      kind: 'conflict',
    });
    expect(await store.find('once')).toMatchObject({ version: 1, state: { text: '1' } });
    expect(await outbox('once')).toEqual([1]);
  });

  it('raises the version with every change, and keeps every event until it is published', async () => {
    await store.insert('many', written('many', '1'));
    await store.change('many', () => ({ state: { id: 'many', text: 'quiet' } }));
    const stored = await store.change('many', ({ state }) => written('many', `${state.text} no more`));
    expect(stored).toMatchObject({ version: 3, state: { text: 'quiet no more' } });
    expect((await document('many'))?.outbox).toMatchObject([
      { version: 1, previousVersion: 0 },
      { version: 3, previousVersion: 1 },
    ]);
  });

  it('writes nothing where nothing is decided', async () => {
    await store.insert('same', written('same', '1'));
    expect(await store.change('same', () => undefined)).toMatchObject({ version: 1 });
    expect(await document('same')).toMatchObject({ version: 1 });
  });

  it('refuses what expects another version, and writes nothing', async () => {
    await store.insert('expected', written('expected', '1'));
    const change = (...versions: number[]) =>
      store.change('expected', () => written('expected', '2'), { anyOf: versions });
    await expect(change(2, 3)).rejects.toMatchObject({ name: 'VersionMismatch', currentVersion: 1 });
    await expect(store.put('absent', () => written('absent', ''), { anyOf: [1] })).rejects.toMatchObject({
      kind: 'precondition-failed',
    });
    expect(await outbox('expected')).toEqual([1]);
    expect(await document('absent')).toBeNull();
    expect(await change(1)).toMatchObject({ version: 2 });
  });

  it('leaves only version and mark of what it removes, and revives it at the next version', async () => {
    await store.insert('gone', written('gone', '1'));
    expect(await store.remove('gone', removed)).toMatchObject({ version: 2, deleted: true });
    const left = Object.keys((await document('gone')) ?? {}).sort();
    expect(left).toEqual([
      '_id',
      'deleted',
      'eventAt',
      'eventVersion',
      'outbox',
      'outboxSince',
      'recentEventIds',
      'version',
    ]);
    for (const refused of [store.change('gone', () => undefined), store.remove('gone', removed)]) {
      await expect(refused).rejects.toMatchObject({ name: 'AggregateNotFound', kind: 'not-found' });
    }
    await expect(store.insert('gone', written('gone', ''))).rejects.toMatchObject({ name: 'AggregateExists' });
    const seen: unknown[] = [];
    const revived = await store.put('gone', (current) => (seen.push(current), written('gone', 'back')));
    expect(revived).toMatchObject({ created: true, stored: { version: 3, deleted: false, state: { text: 'back' } } });
    expect(seen).toEqual([undefined]);
    expect(await store.put('gone', () => written('gone', 'again'))).toMatchObject({ created: false });
    expect(await outbox('gone')).toEqual([1, 2, 3, 4]);
  });

  it('replaces the whole state', async () => {
    const notes = new AggregateStore<{ a?: number; b?: number }>(connection.collection('notes'), parts.publisher);
    await notes.put('whole', () => ({ state: { a: 1, b: 2 } }));
    expect((await notes.put('whole', () => ({ state: { b: 3 } }))).stored.state).toEqual({ b: 3 });
    expect((await notes.find('whole'))?.state).toEqual({ b: 3 });
  });

  it('takes a document of an original service as version 0', async () => {
    const id = '507f1f77bcf86cd799439011';
    const theirs = { _id: new mongo.ObjectId(id), text: 'theirs', _class: 'demo.Note' };
    await connection.collection('notes').insertOne(theirs);
    expect(await store.find(id)).toEqual({ id, version: 0, state: { text: 'theirs' }, deleted: false });
    expect(await store.change(id, () => written(id, 'ours'), { anyOf: [0] })).toMatchObject({ id, version: 1 });
    expect(await document(id)).toMatchObject({ version: 1, text: 'ours', _class: 'demo.Note' });
    expect(await outbox(id)).toEqual([1]);
  });

  it('lets 50 writers change one aggregate at once: all succeed, no version is missing or double', async () => {
    await store.insert('hot', written('hot', '0'));
    const add = () => store.change('hot', ({ state }) => written('hot', String(Number(state.text) + 1)));
    const versions = (await Promise.all(Array.from({ length: 50 }, add))).map(({ version }) => version);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
    expect(await store.find('hot')).toMatchObject({ version: 51, state: { text: '50' } });
    expect(await outbox('hot')).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
  });

  it('refuses a command while 200 events of its aggregate wait, but not a quiet change', async () => {
    await store.insert('full', written('full', '1'));
    const waiting = Array.from({ length: 200 }, (_, index) => entry(index + 1));
    await store.collection.updateOne({ _id: 'full' }, { $set: { version: 200, outbox: waiting } });
    await expect(store.change('full', () => written('full', '2'))).rejects.toMatchObject({
      name: 'OutboxFull',
      kind: 'unavailable',
      retryAfterSeconds: 5,
    });
    expect(await document('full')).toMatchObject({ version: 200 });
    expect(await store.change('full', ({ state }) => ({ state }))).toMatchObject({ version: 201 });
  });

  it('refuses a command whose event no broker would take, before it writes', async () => {
    const large = () => written('large', 'x'.repeat(950 * 1024));
    await expect(store.insert('large', large())).rejects.toMatchObject({ name: 'EventTooLarge', kind: 'too-large' });
    await expect(store.put('large', large)).rejects.toMatchObject({ bytes: expect.any(Number) as number });
    expect(await document('large')).toBeNull();
  });

  it('does not take a topic that its publisher does not own', () => {
    const other = { topic: noteTopic() };
    expect(() => new AggregateStore<Note, string>(connection.collection('x'), parts.publisher, other)).toThrow(
      'does not own',
    );
  });
});
