import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connect, publishing, type PublishingParts } from '../testing/harness';
import { type Note, noteTopic, written } from '../testing/note';
import { TcpProxy } from '../testing/tcp-proxy';
import { AggregateStore } from './aggregate-store';
import type { KeyedRequest } from './keyed-writes';

function request(name: string, body = 'body'): KeyedRequest {
  return { key: digest(name), fingerprint: digest(body) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('a request with a key', () => {
  const topic = noteTopic();
  let connection: Connection;
  let parts: PublishingParts;
  /** Two instances of a service on one store. */
  let store: AggregateStore<Note, string>;
  let other: AggregateStore<Note, string>;

  beforeAll(async () => {
    connection = await connect();
    parts = publishing(topic, { started: false });
    store = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
    other = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
  });

  afterAll(async () => {
    await parts.stop(0);
    await connection.close();
  });

  const document = (id: string) => store.collection.findOne({ _id: id });
  const events = async (id: string) => (await document(id))?.outbox?.map(({ version }) => version);
  const twenty = <T>(act: (from: AggregateStore<Note, string>) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, index) => act(index % 2 ? store : other)));
  const longer = (from: AggregateStore<Note, string>, id: string, key: KeyedRequest) =>
    from.change(id, ({ state }) => written(id, `${state.text}+`), undefined, key);

  it('creates once, of twenty at once, and all hear the same', async () => {
    const answers = await twenty((from) => from.insert('n1', written('n1', '1'), request('n1')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual({ id: 'n1', version: 1, state: { id: 'n1', text: '1' }, deleted: false });
    expect(await events('n1')).toEqual([1]);
  });

  it('changes once, of twenty at once, and all hear the same', async () => {
    await store.insert('n2', written('n2', '1'));
    const answers = await twenty((from) => longer(from, 'n2', request('n2')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ version: 2, state: { text: '1+' } });
    expect(await events('n2')).toEqual([1, 2]);
  });

  it('hears its first answer when others have changed the aggregate, whatever version it expected', async () => {
    await store.insert('n3', written('n3', '1'), request('create'));
    const first = await store.change('n3', () => written('n3', '2'), { anyOf: [7, 1] }, request('change'));
    await store.change('n3', () => written('n3', '3'));
    expect(await other.change('n3', () => written('n3', '4'), { anyOf: [1] }, request('change'))).toEqual(first);
    expect(await other.insert('n3', written('n3', '1'), request('create'))).toMatchObject({ version: 1 });
    expect(await store.find('n3')).toMatchObject({ version: 3, state: { text: '3' } });
  });

  it('hears it too when the aggregate was deleted, or came back: nothing comes alive', async () => {
    await store.insert('n4', written('n4', '1'), request('create'));
    const changed = await longer(store, 'n4', request('change'));
    await store.remove('n4', () => ({ type: 'note.deleted', value: null }));
    const again = () => other.insert('n4', written('n4', '1'), request('create'));
    expect(await again()).toMatchObject({ version: 1, deleted: false, state: { text: '1' } });
    expect(await longer(other, 'n4', request('change'))).toEqual(changed);
    expect(await store.find('n4')).toMatchObject({ version: 3, deleted: true });
    await store.put('n4', () => written('n4', 'back'));
    expect(await again()).toMatchObject({ version: 1, state: { text: '1' } });
    expect(await store.find('n4')).toMatchObject({ version: 4, state: { text: 'back' } });
  });

  it('is refused when it says something else', async () => {
    await store.insert('n5', written('n5', '1'), request('create'));
    await longer(store, 'n5', request('change'));
    const reused = { name: 'KeyReused', kind: 'unprocessable' };
    await expect(other.insert('n5', written('n5', '1'), request('create', 'other'))).rejects.toMatchObject(reused);
    await expect(other.answered('n5', request('create', 'other'))).rejects.toMatchObject(reused);
    await expect(longer(other, 'n5', request('change', 'other'))).rejects.toMatchObject(reused);
    expect(await store.find('n5')).toMatchObject({ version: 2 });
  });

  it('of another key finds the id taken, and changes again', async () => {
    await store.insert('n6', written('n6', '1'), request('one'));
    await expect(store.insert('n6', written('n6', '1'), request('two'))).rejects.toMatchObject({
      name: 'AggregateExists',
    });
    expect(await store.answered('n6', request('two'))).toBeUndefined();
    await longer(store, 'n6', request('three'));
    expect(await longer(store, 'n6', request('four'))).toMatchObject({ version: 3, state: { text: '1++' } });
  });

  it('that was refused has left nothing behind: it is decided again', async () => {
    await store.insert('n7', written('n7', '1'));
    const refuse = () => {
      throw new Error('not now');
    };
    await expect(store.change('n7', refuse, undefined, request('n7'))).rejects.toThrow('not now');
    expect(await longer(store, 'n7', request('n7'))).toMatchObject({ version: 2 });
  });

  it('keeps its keys out of the state', async () => {
    await store.insert('n8', written('n8', '1'), request('n8'));
    expect((await store.find('n8'))?.state).toEqual({ id: 'n8', text: '1' });
    await store.changeMany(['n8'], () => written('n8', '2'));
    expect((await document('n8'))?.idempotency).toHaveLength(1);
  });

  it('is carried out once when nobody could tell its client what became of it', async () => {
    const proxy = await TcpProxy.to(process.env.MONGODB_URI ?? '');
    const narrow = { uri: proxy.uri, socketTimeoutMS: 2_000, serverSelectionTimeoutMS: 2_000 };
    const broken = await connect(connection.name, narrow);
    try {
      const far = new AggregateStore<Note, string>(broken.collection('notes'), parts.publisher, { topic });
      await store.insert('n9', written('n9', '1'));
      proxy.loseResponse('update');
      proxy.refuseAfterFault = true;
      await expect(longer(far, 'n9', request('n9'))).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await longer(other, 'n9', request('n9'))).toMatchObject({ version: 2, state: { text: '1+' } });
      expect(await events('n9')).toEqual([1, 2]);
    } finally {
      await broken.close();
      await proxy.close();
    }
  });
});
