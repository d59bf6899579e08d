import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../testing/harness';
import { type Note, noteTopic, written } from '../testing/note';
import { TcpProxy } from '../testing/tcp-proxy';
import { AggregateStore } from './aggregate-store';

/** More than a document may have. */
const TOO_LARGE = 'x'.repeat(17 * 1024 * 1024);

describe('what is asked of the store at the same time', () => {
  const topic = noteTopic();
  let proxy: TcpProxy;
  /** Through the proxy, and past it. */
  let connection: Connection;
  let straight: Connection;
  let parts: PublishingParts;
  let store: AggregateStore<Note, string>;
  let other: AggregateStore<Note, string>;
  let commands: string[] = [];

  beforeAll(async () => {
    proxy = await TcpProxy.to(process.env.MONGODB_URI ?? '');
    connection = await connect(undefined, {
      uri: proxy.uri,
      socketTimeoutMS: 2_500,
      serverSelectionTimeoutMS: 2_500,
      monitorCommands: true,
    });
    straight = await connect(connection.name);
    connection.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
    parts = publishing(topic, { started: false });
    store = new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic });
    other = new AggregateStore<Note, string>(straight.collection('notes'), parts.publisher, { topic });
  });

  afterAll(async () => {
    await parts.stop(0);
    await connection.close();
    await straight.close();
    await proxy.close();
  });

  const document = (id: string) => other.collection.findOne({ _id: id });
  const eventsOf = async (id: string) => (await document(id))?.outbox?.map(({ version, value }) => [version, value]);
  const inserts = (...ids: string[]) => Promise.allSettled(ids.map((id) => store.insert(id, written(id, '1'))));
  const change = (id: string, more = '+') => store.change(id, ({ state }) => written(id, `${state.text}${more}`));
  const changes = (...ids: string[]) => Promise.all(ids.map((id) => change(id)));
  const errors = (results: PromiseSettledResult<unknown>[]) =>
    results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : undefined));

  it('goes as one request', async () => {
    commands = [];
    await inserts('a', 'b', 'c');
    await changes('a', 'b', 'c');
    await Promise.all(['a', 'b', 'c', 'nobody'].map((id) => store.find(id)));
    expect(commands).toEqual(['insert', 'find', 'update', 'find']);
    for (const id of ['a', 'b', 'c']) {
      expect(await eventsOf(id)).toEqual([
        [1, `{"id":"${id}","text":"1"}`],
        [2, `{"id":"${id}","text":"1+"}`],
      ]);
    }
  });

  it('is found by each who asked', async () => {
    await inserts('own1', 'own2');
    const found = await Promise.all(['own2', 'nobody', 'own1', 'own2'].map((id) => store.find(id)));
    expect(found.map((stored) => stored?.id)).toEqual(['own2', undefined, 'own1', 'own2']);
  });

  it('does not wait for a request that hangs', async () => {
    await inserts('slow', 'x', 'y');
    commands = [];
    const release = proxy.holdRequest('find');
    const slow = store.find('slow');
    await eventually(
      () => commands.length,
      (sent) => sent === 1,
    );
    expect((await Promise.all([store.find('x'), store.find('y')])).map((stored) => stored?.id)).toEqual(['x', 'y']);
    expect(commands).toEqual(['find', 'find']);
    release();
    expect(await slow).toMatchObject({ id: 'slow' });
  });

  it('is refused for the one whose id is taken', async () => {
    await inserts('taken');
    expect(errors(await inserts('free1', 'taken', 'free2', 'free2'))).toEqual([
      undefined,
      'AggregateExists',
      undefined,
      'AggregateExists',
    ]);
    expect(await eventsOf('free2')).toHaveLength(1);
  });

  it('is refused for the one that cannot be stored', async () => {
    await inserts('fine');
    const results = await Promise.allSettled([
      change('fine'),
      store.change('fine', () => ({ state: { id: 'fine', text: TOO_LARGE } })),
      store.insert('large', { state: { id: 'large', text: TOO_LARGE } }),
      store.insert('small', written('small', '1')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(errors(results)).not.toContain('AggregateExists');
    expect([await eventsOf('fine'), await eventsOf('small'), await document('large')]).toMatchObject([
      { length: 2 },
      { length: 1 },
      null,
    ]);
  });

  it('is decided again for the one that lost', async () => {
    await inserts('won', 'lost');
    const release = proxy.holdRequest('update');
    proxy.struck = 0;
    const both = changes('won', 'lost');
    await eventually(
      () => proxy.struck,
      (times) => times === 1,
    );
    await other.change('lost', ({ state }) => written('lost', `${state.text} theirs`));
    release();
    expect((await both).map(({ version, state }) => [version, state.text])).toEqual([
      [2, '1+'],
      [3, '1 theirs+'],
    ]);
    expect(await eventsOf('lost')).toHaveLength(3);
  });

  it('may be about the same aggregate', async () => {
    await inserts('hot');
    await Promise.all(['a', 'b', 'c', 'd'].map((more) => change('hot', more)));
    const { version, text } = (await document('hot')) as unknown as { version: number; text: string };
    expect([version, text.split('').toSorted().join('')]).toEqual([5, '1abcd']);
    expect(await eventsOf('hot')).toHaveLength(5);
  });

  it.each(['loseRequest', 'loseResponse'] as const)(
    'happens once, whatever becomes of the connection: %s',
    async (fault) => {
      const ids = ['1', '2', '3'].map((n) => `${fault}${n}`);
      proxy.struck = 0;
      proxy[fault]('insert');
      expect(errors(await inserts(...ids))).toEqual([undefined, undefined, undefined]);
      proxy[fault]('update');
      const stored = await changes(...ids);
      expect([proxy.struck, ...stored.map(({ version }) => version)]).toEqual([2, 2, 2, 2]);
      for (const id of ids) {
        expect(await eventsOf(id)).toHaveLength(2);
        expect((await document(id))?.recentEventIds).toHaveLength(2);
      }
    },
  );

  it('is not made while no store is found', async () => {
    proxy.refuse();
    expect(errors(await inserts('away1', 'away2'))).toEqual(['StoreUnavailable', 'StoreUnavailable']);
    proxy.allow();
    await eventually(
      () => store.find('away1').catch(() => 'not yet'),
      (found) => found === undefined,
    );
    expect(errors(await inserts('away1', 'away2'))).toEqual([undefined, undefined]);
  });
});
