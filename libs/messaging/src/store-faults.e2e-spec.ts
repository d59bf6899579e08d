import type { Connection } from 'mongoose';
import { connect, consuming, eventually, publishing, type PublishingParts } from '../testing/harness';
import { Kafka, message } from '../testing/kafka';
import { type Note, noteTopic, written } from '../testing/note';
import { replicating } from '../testing/replicating';
import { TcpProxy } from '../testing/tcp-proxy';
import { AggregateStore } from './aggregate-store';

describe('when the connection to the store breaks', () => {
  const topic = noteTopic();
  let proxy: TcpProxy;
  /** Through the proxy, and past it. */
  let connection: Connection;
  let straight: Connection;
  let parts: PublishingParts;
  let store: AggregateStore<Note, string>;
  let other: AggregateStore<Note, string>;

  beforeAll(async () => {
    proxy = await TcpProxy.to(process.env.MONGODB_URI ?? '');
    connection = await connect(undefined, { uri: proxy.uri, socketTimeoutMS: 2_500, serverSelectionTimeoutMS: 2_500 });
    straight = await connect(connection.name);
    parts = publishing(topic, { started: false });
    const options = { topic };
    store = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, options);
    other = new AggregateStore<Note, string>(straight.collection('notes'), parts.publisher, options);
  });

  beforeEach(() => {
    proxy.struck = 0;
  });

  afterAll(async () => {
    await parts.stop(0);
    await connection.close();
    await straight.close();
    await proxy.close();
  });

  const document = (id: string) => other.collection.findOne({ _id: id });
  const eventsOf = async (id: string) => (await document(id))?.outbox?.map(({ version, value }) => [version, value]);
  const struck = () =>
    eventually(
      () => proxy.struck,
      (times) => times === 1,
    );

  /** The driver has noticed that its connections broke. */
  const reachable = () =>
    eventually(
      () =>
        store.find('any').then(
          () => true,
          () => false,
        ),
      (reached) => reached,
    );

  /** A change whose connection breaks; nobody gets through until `meanwhile` is over. */
  async function brokenChange(id: string, fault: 'loseRequest' | 'loseResponse', meanwhile: () => Promise<unknown>) {
    await other.insert(id, written(id, '1'));
    let decided = 0;
    proxy[fault]('update');
    proxy.refuseAfterFault = true;
    const change = store.change(id, ({ state }) => (decided++, written(id, `${state.text} ours`)));
    const result = change.then(
      (stored) => stored.state.text,
      (error: Error) => error.name,
    );
    await struck();
    await meanwhile();
    proxy.allow();
    return { result: await result, decided: () => decided };
  }

  it('an insert whose answer is lost has happened once, and says so', async () => {
    proxy.loseResponse('insert');
    expect(await store.insert('i1', written('i1', '1'))).toMatchObject({ version: 1 });
    expect(proxy.struck).toBe(1);
    expect(await eventsOf('i1')).toEqual([[1, '{"id":"i1","text":"1"}']]);
  });

  it('an insert that did not arrive is made', async () => {
    proxy.loseRequest('insert');
    expect(await store.insert('i2', written('i2', '1'))).toMatchObject({ version: 1 });
    expect(proxy.struck).toBe(1);
    expect(await eventsOf('i2')).toHaveLength(1);
  });

  it.each(['loseRequest', 'loseResponse'] as const)('a change is made once: %s', async (fault) => {
    const id = `c-${fault}`;
    await other.insert(id, written(id, '1'));
    proxy[fault]('update');
    let decided = 0;
    const stored = await store.change(id, ({ state }) => (decided++, written(id, `${state.text} changed`)));
    expect([proxy.struck, decided, stored.version, stored.state.text]).toEqual([1, 1, 2, '1 changed']);
    expect(await eventsOf(id)).toEqual([
      [1, `{"id":"${id}","text":"1"}`],
      [2, `{"id":"${id}","text":"1 changed"}`],
    ]);
    expect((await document(id))?.recentEventIds).toHaveLength(2);
  });

  it('a change whose answer comes too late is made once', async () => {
    await other.insert('late', written('late', '1'));
    proxy.delayResponse('update', 4_000);
    expect(await store.change('late', ({ state }) => written('late', `${state.text}+`))).toMatchObject({ version: 2 });
    expect(proxy.struck).toBe(1);
    expect(await document('late')).toMatchObject({ version: 2, text: '1+', recentEventIds: { length: 2 } });
  });

  it('a change is found among later ones of others, and not repeated', async () => {
    const { result, decided } = await brokenChange('found', 'loseResponse', () =>
      other.change('found', ({ state }) => written('found', `${state.text} theirs`)),
    );
    expect([result, decided()]).toEqual(['1 ours', 1]);
    expect(await document('found')).toMatchObject({ version: 3, text: '1 ours theirs' });
  });

  it('a change that did not arrive before others were faster is decided again', async () => {
    const { result, decided } = await brokenChange('again', 'loseRequest', () =>
      other.change('again', ({ state }) => written('again', `${state.text} theirs`)),
    );
    expect([result, decided()]).toEqual(['1 theirs ours', 2]);
    expect(await document('again')).toMatchObject({ version: 3, text: '1 theirs ours' });
  });

  it('a change that cannot be found any more is neither repeated nor called done', async () => {
    const { result, decided } = await brokenChange('lost', 'loseResponse', async () => {
      for (let more = 0; more < 17; more++) await other.change('lost', ({ state }) => ({ state }));
    });
    expect([result, decided()]).toEqual(['StoreUnavailable', 1]);
    expect(await document('lost')).toMatchObject({ version: 19, text: '1 ours' });
  });

  it('answers StoreUnavailable while the store takes no connection, and goes on when it does', async () => {
    await other.insert('away', written('away', '1'));
    proxy.refuse();
    for (const attempt of [
      store.find('away'),
      store.change('away', () => written('away', '2')),
      store.changeMany(['away'], () => written('away', '2')),
      store.insertMany([{ id: 'away2', decision: written('away2', '1') }]),
    ]) {
      await expect(attempt).rejects.toMatchObject({ name: 'StoreUnavailable', kind: 'unavailable' });
    }
    proxy.allow();
    await reachable();
    expect(await store.find('away')).toMatchObject({ version: 1 });
    expect(await document('away2')).toBeNull();
  });

  it.each(['loseRequest', 'loseResponse'] as const)(
    'a bulk write says so, and can be made again: %s',
    async (fault) => {
      const items = ['1', '2'].map((n) => ({ id: `${fault}${n}`, decision: written(`${fault}${n}`, 'new') }));
      const ids = items.map(({ id }) => id);
      proxy[fault]('insert');
      await expect(store.insertMany(items)).rejects.toMatchObject({ name: 'StoreUnavailable' });
      await reachable();
      expect(await store.insertMany(items)).toEqual(new Set(fault === 'loseRequest' ? ids : []));
      proxy[fault]('update');
      await expect(store.changeMany(ids, (_, id) => written(id, 'changed'))).rejects.toMatchObject({
        name: 'StoreUnavailable',
      });
      expect(proxy.struck).toBe(2);
      for (const id of ids) {
        expect(await eventsOf(id)).toHaveLength(fault === 'loseRequest' ? 1 : 2);
      }
    },
  );

  it.each(['loseRequest', 'loseResponse'] as const)('a consumer loses nothing and parks nothing: %s', async (fault) => {
    const kafka = await Kafka.connect();
    const consumed = noteTopic();
    await kafka.create(consumed);
    const { handler } = replicating(connection, fault);
    proxy[fault]('update');
    const { parked, stop } = await consuming(consumed, connection, handler, { group: consumed.name });
    await kafka.send(consumed, ...Array.from({ length: 100 }, (_, index) => message(`n${index}`, 1)));
    await struck();
    // what was written is not yet what was answered: a batch is over when its offset is committed
    await eventually(
      () => kafka.committedInAll(consumed.name, consumed),
      (offsets) => offsets === 100,
    );
    expect(proxy.struck).toBe(1);
    expect(await straight.collection(fault).countDocuments()).toBe(100);
    expect(await parked.summary()).toEqual([]);
    await stop();
    await kafka.close();
  });
});
