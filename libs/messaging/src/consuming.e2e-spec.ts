import type { Message } from 'kafkajs';
import type { Connection } from 'mongoose';
import { connect, consuming, eventually } from '../testing/harness';
import { Kafka, message } from '../testing/kafka';
import { type Note, noteTopic } from '../testing/note';
import { replicating } from '../testing/replicating';
import { StoreUnavailable } from './failures';
import { type IncomingEvent, type Outcome, Unappliable } from './incoming-event';
import type { ReplicaStore } from './replica-store';
import type { Topic } from './topic';

describe('consuming', () => {
  let connection: Connection;
  let kafka: Kafka;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    connection = await connect();
    kafka = await Kafka.connect();
  });

  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await kafka.close();
    await connection.close();
  });

  async function replica(topic: Topic<Note>, name: string): Promise<ReplicaStore<Note>> {
    const { store, handler } = replicating(connection, name);
    const { stop } = await consuming(topic, connection, handler);
    stops.push(stop);
    return store;
  }

  const lanes = async (topic: Topic<unknown>) =>
    connection.collection('parked.events').find({ topic: topic.name }).toArray();

  it('ends with the newest version, whatever order and how often events come', async () => {
    const topic = noteTopic();
    await kafka.create(topic);
    const store = await replica(topic, 'replica-order');
    await kafka.send(topic, ...[3, 1, 2, 3, 1].map((version) => message('a', version)));
    await kafka.send(topic, message('a', 2), message('b', 1));
    await eventually(
      () => store.find('b'),
      (found) => found !== undefined,
    );
    await eventually(
      () => store.find('a'),
      (found) => found?.version === 3,
    );
    expect(await store.find('a')).toMatchObject({ state: { id: 'a', text: 'v3' }, deleted: false });
    await kafka.send(topic, { ...message('a', 4), value: null });
    await eventually(
      () => store.find('a'),
      (found) => found?.deleted === true,
    );
    await kafka.send(topic, message('a', 3), message('c', 1));
    await eventually(
      () => store.find('c'),
      (found) => found !== undefined,
    );
    expect(await store.find('a')).toMatchObject({ version: 4, deleted: true });
    expect(await lanes(topic)).toEqual([]);
  });

  it('applies records without key and version by offset and time, and ignores them after a versioned one', async () => {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    const store = await replica(topic, 'replica-foreign');
    const foreign = (text: string, timestamp: number): Message => ({
      value: JSON.stringify({ id: 'f', text }),
      timestamp: String(timestamp),
    });
    await kafka.send(topic, foreign('1', 1000), foreign('2', 2000), foreign('stale', 1500), message('middle', 1));
    await eventually(
      () => store.find('middle'),
      (found) => found !== undefined,
    );
    // the batch ends with the third change of one key
    await kafka.send(topic, message('middle', 2));
    await eventually(
      () => store.find('middle'),
      (found) => found?.version === 2,
    );
    expect(await store.find('f')).toMatchObject({ version: 0, state: { text: '2' } });
    await kafka.send(topic, message('f', 7), foreign('ignored', 9000), message('end', 1));
    await eventually(
      () => store.find('end'),
      (found) => found !== undefined,
    );
    expect(await store.find('f')).toMatchObject({ version: 7, state: { text: 'v7' } });
  });

  it('parks one bad record of a full batch and applies the other 499', async () => {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    const messages = Array.from({ length: 500 }, (_, index) => message(`n${index}`, 1));
    messages[250] = { key: 'n250', value: '{"id": "n250", ' };
    messages[300] = { key: null, value: Buffer.from([0xff, 0xfe, 0x00]) };
    await kafka.send(topic, ...messages);
    await replica(topic, 'replica-poison');
    await eventually(
      () => connection.collection('replica-poison').countDocuments(),
      (count) => count === 498,
    );
    const parked = await eventually(
      () => lanes(topic),
      (found) => found.length === 2,
    );
    expect(parked.map(({ _id }) => String(_id)).sort()).toEqual([`${topic.name}:0:300`, `${topic.name}|n250`]);
    const [bad] = parked.filter(({ _id }) => String(_id).endsWith('n250'));
    expect(Buffer.from(bad?.events[0].value.value()).toString()).toBe('{"id": "n250", ');
  });

  // the broker itself compresses what it stores, with Java's codecs
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what Java compressed with %s', async (codec) => {
    const topic = { ...noteTopic('state', 1), configEntries: { 'compression.type': codec } };
    await kafka.create(topic);
    const store = await replica(topic, `replica-${codec}`);
    const messages = Array.from({ length: 300 }, (_, index) => message(`${codec}${index}`, 1, `${index} `.repeat(200)));
    await kafka.send(topic, ...messages);
    const last = await eventually(
      () => store.find(`${codec}299`),
      (found) => found !== undefined,
    );
    expect(last?.state.text).toBe('299 '.repeat(200));
    expect(await connection.collection(`replica-${codec}`).countDocuments()).toBe(300);
  });

  it('keeps the lane of one key in order behind a gap, lets other keys pass, and redrives when the gap fills', async () => {
    const topic = noteTopic('delta', 1);
    await kafka.create(topic);
    const applied = new Map<string, number[]>();
    const gate = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> =>
      events.map(({ id, version = 0, previousVersion }) => {
        const history = applied.get(id) ?? [];
        applied.set(id, history);
        const at = history.at(-1) ?? 0;
        if (version <= at) return 'duplicate';
        if (previousVersion !== at) return new Unappliable(`gap: at ${at}, next is ${version}`);
        history.push(version);
        return 'applied';
      });
    stops.push((await consuming(topic, connection, gate)).stop);
    await kafka.send(topic, message('d', 1), message('d', 3), message('d', 4), message('other', 1));
    await eventually(
      () => applied.get('other'),
      (history) => history?.length === 1,
    );
    expect(applied.get('d')).toEqual([1]);
    const [lane] = await eventually(
      () => lanes(topic),
      (found) => found[0]?.events.length === 2,
    );
    expect(lane?.reason).toBe('gap: at 1, next is 3');
    await kafka.send(topic, message('d', 2));
    await eventually(
      () => applied.get('d'),
      (history) => history?.length === 4,
    );
    expect(applied.get('d')).toEqual([1, 2, 3, 4]);
    await eventually(
      () => lanes(topic),
      (found) => found.length === 0,
    );
  });

  it('parks what its handler throws on, alone, and waits for the store for ever', async () => {
    const topic = noteTopic('creation', 1);
    await kafka.create(topic);
    const applied = new Set<string>();
    let storeAway = 3;
    const refusedSizes: number[] = [];
    const handler = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> => {
      if (storeAway-- > 0) {
        refusedSizes.push(events.length);
        throw new StoreUnavailable();
      }
      if (events.some(({ id }) => id === 'h7')) throw new TypeError('seven');
      for (const { id } of events) applied.add(id);
      return events.map(() => 'applied' as const);
    };
    await kafka.send(topic, ...Array.from({ length: 20 }, (_, index) => message(`h${index}`, 1)));
    stops.push((await consuming(topic, connection, handler)).stop);
    await eventually(
      () => applied.size,
      (size) => size === 19,
    );
    const parked = await eventually(
      () => lanes(topic),
      (found) => found.length === 1,
    );
    expect(parked[0]?.reason).toBe('the handler failed: TypeError: seven');
    // nobody looks for a culprit among events when the store is away
    expect(refusedSizes).toEqual([20, 20, 20]);
  });
});
