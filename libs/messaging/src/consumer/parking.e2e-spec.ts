import type { Message } from 'kafkajs';
import type { Connection, mongo } from 'mongoose';
import { connect, consuming, type ConsumingParts, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { type Note, noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import { type Lane, type ParkedRecord, parkedRecord } from '../parked/lane';
import type { PositionsChunk } from '../parked/positions-chunk';
import type { ReplicaStore } from '../replica-store';
import type { Topic } from '../topic';

describe('a consumer that cannot apply a record', () => {
  let connection: Connection;
  let kafka: Kafka;
  let lanes: mongo.Collection<Lane>;
  const started: ConsumingParts[] = [];

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
    lanes = connection.collection<Lane>('parked.events');
  });

  afterAll(async () => {
    await Promise.all(started.map((parts) => parts.stop()));
    await kafka.close();
    await connection.close();
  });

  async function replica(topic: Topic<Note>): Promise<ReplicaStore<Note>> {
    const { store, handler } = replicating(connection, `replica-${started.length}`);
    started.push(await consuming(topic, connection, handler, { group: topic.name }));
    return store;
  }

  async function created(...given: Parameters<typeof noteTopic>): Promise<Topic<Note>> {
    const topic = noteTopic(...given);
    await kafka.create(topic);
    return topic;
  }

  const broken = (id: string, version: number) => ({ ...message(id, version), value: '{' });
  const lane = (topic: Topic<Note>, id: string) => lanes.findOne({ _id: `${topic.name}|${id}` });
  const settled = <T>(ask: () => Promise<T | null | undefined>, right: (found: T | null | undefined) => boolean) =>
    eventually(ask, right);

  it('goes on with its partition although the lane is full', async () => {
    const topic = await created('state', 2);
    const [full, behind, elsewhere] = ['full', 'behind', 'elsewhere'];
    const to = (partition: number, one: Message): Message => ({ ...one, partition });
    const filler = (offset: number): ParkedRecord =>
      parkedRecord({
        origin: { topic: topic.name, partition: 9, offset: String(offset), timestamp: 0 },
        key: null,
        value: null,
        headers: [{ name: 'ce_aggregateversion', value: Buffer.from(String(1_000 + offset)) }],
      });
    await lanes.insertOne({
      _id: `${topic.name}|${full}`,
      topic: topic.name,
      events: Array.from({ length: 1_000 }, (_, offset) => filler(offset)),
      count: 1_000,
      bytes: 200_000,
      reason: 'filled by the test',
      parkedAt: new Date(),
      attempts: 0,
      nextAttemptAt: new Date(Date.now() + 3_600_000),
    });
    const store = await replica(topic);
    const consumer = started.at(-1)?.consumer;
    await kafka.send(topic, to(1, broken(full, 1)), to(1, message(behind, 1)), to(0, message(elsewhere, 1)));
    for (const id of [elsewhere, behind]) {
      await settled(
        () => store.find(id),
        (found) => found?.version === 1,
      );
    }
    // a later state of the same aggregate is applied too
    await kafka.send(topic, to(1, message(full, 2)));
    await settled(
      () => store.find(full),
      (found) => found?.version === 2,
    );
    await eventually(
      () => kafka.committed(topic.name, topic, 1),
      (offset) => offset === 3,
    );
    expect(consumer?.pausedReason).toBeUndefined();
    const kept = await connection.collection<PositionsChunk>('parked.positions').findOne({ topic: topic.name });
    // unless its redrive has found it needless already
    expect(kept?.entries.map(({ o }) => o) ?? [0]).toEqual([0]);
  });

  it('forgets it on a state topic once a later version is applied, delivered again or in the same batch', async () => {
    const topic = await created('state', 1);
    const store = await replica(topic);
    const { metrics } = started.at(-1) ?? {};
    // counted when all is done with a batch
    const parkedInAll = (wanted: number) =>
      eventually(
        async () => (await metrics?.consumed.get())?.values.find(({ labels }) => labels.outcome === 'parked')?.value,
        (count) => count === wanted,
      );
    const waiting = async (id: string) => (await lane(topic, id))?.events.length;
    await kafka.send(topic, broken('a', 2), broken('b', 5));
    await parkedInAll(2);
    expect([await waiting('a'), await waiting('b')]).toEqual([1, 1]);
    await kafka.send(topic, message('a', 3), message('b', 4), broken('c', 1), message('c', 2));
    await parkedInAll(3);
    expect([await waiting('a'), await waiting('b'), await waiting('c')]).toEqual([undefined, 1, undefined]);
    expect(await store.find('b')).toMatchObject({ version: 4 });
    await kafka.send(topic, broken('a', 2), message('a', 3));
    await parkedInAll(4);
    expect(await waiting('a')).toBeUndefined();
  });

  it('keeps deltas without version of one aggregate in order behind one that its handler throws on', async () => {
    const topic = await created('delta', 1);
    const applied: string[] = [];
    let healed = false;
    const handler = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> => {
      const texts = (events as IncomingEvent<Note>[]).map(({ value }) => value?.text ?? '');
      if (!healed && texts.includes('a2')) throw new TypeError('a2');
      applied.push(...texts);
      return texts.map(() => 'applied');
    };
    started.push(await consuming(topic, connection, handler));
    const foreign = (id: string, text: string) => ({ value: JSON.stringify({ id, text }) });
    await kafka.send(topic, ...['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4'].map((text) => foreign(text[0] ?? '', text)));
    const waiting = await settled(
      () => lane(topic, 'a'),
      (found) => found?.events.length === 3,
    );
    expect(waiting?.events.map(({ offset }) => offset)).toEqual(['2', '4', '6']);
    healed = true;
    await settled(
      () => lane(topic, 'a'),
      (found) => found === null,
    );
    expect(applied.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    await eventually(
      () => applied.filter((text) => text.startsWith('b')).join(),
      (texts) => texts === 'b1,b2,b3',
    );
  });

  it('tries its lane at once when the event it waits for has come, a sound copy of a broken one too', async () => {
    const topic = await created('delta', 1);
    let at = 0;
    const handler = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> =>
      events.map(({ version = 0, previousVersion }) => {
        if (version <= at) return 'duplicate';
        if (previousVersion !== at) return new Unappliable(`gap at ${at}`);
        at = version;
        return 'applied';
      });
    started.push(await consuming(topic, connection, handler));
    await kafka.send(topic, broken('a', 1), message('a', 2));
    await settled(
      () => lane(topic, 'a'),
      (found) => found?.events.length === 2,
    );
    await lanes.updateOne({ _id: `${topic.name}|a` }, { $set: { nextAttemptAt: new Date(Date.now() + 3_600_000) } });
    await kafka.send(topic, message('a', 1));
    await settled(
      () => lane(topic, 'a'),
      (found) => found === null,
    );
    expect(at).toBe(2);
  });
});
