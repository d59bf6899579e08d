import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../../testing/harness';
import { readTopic, versionsOf } from '../../testing/kafka';
import { type Note, noteTopic, written } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';
import type { AggregateDocument, Stored } from '../document';
import type { NewEvent } from '../outbox-entry';

/** Rule R7: an older event that arrives late must not stay the last of its key. */
describe('an event that arrives after a newer one of its aggregate', () => {
  const started: PublishingParts[] = [];
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect();
  });

  afterAll(async () => {
    await Promise.all(started.map((parts) => parts.stop()));
    await connection.close();
  });

  function instances(collection: string, snapshot?: (stored: Stored<Note>) => NewEvent) {
    const topic = noteTopic();
    const instance = (reachesKafka: boolean) => {
      const parts = publishing(topic, { started: reachesKafka });
      started.push(parts);
      const options = { topic, ...(snapshot && { snapshot }) };
      return {
        parts,
        store: new AggregateStore<Note, string>(connection.collection(collection), parts.publisher, options),
      };
    };
    const cleared = () =>
      eventually(
        () => connection.collection<AggregateDocument>(collection).countDocuments({ outboxSince: { $exists: true } }),
        (count) => count === 0,
      );
    return { topic, late: instance(false), quick: instance(true), cleared };
  }

  const current = ({ state, deleted }: Stored<Note>): NewEvent => ({
    type: deleted ? 'note.deleted' : 'note.changed',
    value: deleted ? null : state,
  });

  it('is followed by the newest one again, made from the state when the outbox is empty', async () => {
    const { topic, late, quick, cleared } = instances('overtaken', current);
    await late.store.insert('n', written('n', 'one'));
    await quick.store.change('n', () => written('n', 'two'));
    await cleared();
    expect(await versionsOf(topic, 'n')).toEqual([1, 2]);
    late.parts.start();
    await eventually(
      () => versionsOf(topic, 'n'),
      (versions) => versions.length === 4,
    );
    const [one, two, oneAgain, twoAgain] = await readTopic(topic.name);
    expect(oneAgain).toMatchObject({ value: one?.value, headers: one?.headers });
    expect(twoAgain).toMatchObject({ key: 'n', value: two?.value });
    for (const header of ['ce_id', 'ce_aggregateversion', 'ce_previousversion', 'ce_type', 'ce_source']) {
      expect(twoAgain?.headers[header]).toBe(two?.headers[header]);
    }
    expect((await late.parts.metrics.resent.get()).values[0]?.value).toBe(1);
    await cleared();
  });

  it('is followed by the tombstone again, where the aggregate was deleted', async () => {
    const { topic, late, quick, cleared } = instances('removed', current);
    await late.store.insert('n', written('n', 'one'));
    await quick.store.remove('n', () => ({ type: 'note.deleted', value: null }));
    await cleared();
    late.parts.start();
    await eventually(
      () => versionsOf(topic, 'n'),
      (versions) => versions.length === 4,
    );
    expect((await readTopic(topic.name)).at(-1)).toMatchObject({ value: null, headers: { ce_aggregateversion: '2' } });
  });

  it('stays where every event is needed and none replaces another', async () => {
    const { topic, late, quick, cleared } = instances('delta');
    await late.store.insert('n', written('n', 'one'));
    await quick.store.change('n', () => written('n', 'two'));
    await cleared();
    late.parts.start();
    await eventually(
      () => versionsOf(topic, 'n'),
      (versions) => versions.length === 3,
    );
    await late.parts.stop();
    expect(await versionsOf(topic, 'n')).toEqual([1, 2, 1]);
  });

  it('takes with it what is pending, when the newer one is not published yet', async () => {
    const { topic, late, quick, cleared } = instances('pending', current);
    await quick.store.insert('n', written('n', 'one'));
    await cleared();
    await quick.parts.stop();
    // the late one knows version 2, a dead one has written version 3 and published nothing
    await late.store.change('n', () => written('n', 'two'));
    await quick.store.change('n', () => written('n', 'three'));
    late.parts.start();
    await cleared();
    expect(await versionsOf(topic, 'n')).toEqual([1, 2, 3]);
  });
});
