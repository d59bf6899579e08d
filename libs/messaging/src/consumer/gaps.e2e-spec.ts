import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connect, consuming, type ConsumingParts, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import type { Topic } from '../topic';

const partitions = 1;

/** A service's store and what its handler was given. */
class Shop {
  readonly got: string[] = [];
  private running: ConsumingParts | undefined;

  constructor(
    readonly connection: Connection,
    private readonly topic: Topic<unknown>,
    private readonly group: string,
  ) {}

  async start(): Promise<ConsumingParts> {
    const handler = async (events: readonly { id: string }[]) => {
      this.got.push(...events.map(({ id }) => id));
      return events.map(() => 'applied' as const);
    };
    this.running = await consuming(this.topic, this.connection, handler, { group: this.group });
    return this.running;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  /** Starts, waits until the group is at the end, stops; what the handler was given meanwhile. */
  async catchUp(kafka: Kafka, end: number): Promise<{ got: string[]; gaps: number; gone: number }> {
    this.got.length = 0;
    const { metrics } = await this.start();
    await eventually(
      async () => [await this.own(), await kafka.committed(this.group, this.topic)],
      ([own, committed]) => own === end && committed === end,
    );
    const of = async (counter: { get(): Promise<{ values: { value: number }[] }> }) =>
      (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
    const [gaps, gone] = await Promise.all([of(metrics.gaps), of(metrics.recordsGone)]);
    await this.stop();
    return { got: [...this.got], gaps, gone };
  }

  /** The newest log's own offset of partition 0. */
  async own(partition = 0): Promise<number | undefined> {
    const found = this.connection.db?.collection('consumer.offsets').find({ topic: this.topic.name, partition });
    return (await found?.sort({ at: -1 }).toArray())?.[0]?.['offset'] as number | undefined;
  }
}

describe('what a store has applied, beside what its group has committed', () => {
  let kafka: Kafka;
  let connection: Connection;
  let [topic, group] = [noteTopic('state', partitions), ''];
  let shop: Shop;
  let first: Awaited<ReturnType<Shop['catchUp']>>;

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  beforeEach(async () => {
    [topic, group] = [noteTopic('state', partitions), `gaps-${randomUUID()}`];
    await kafka.create(topic);
    shop = new Shop(connection, topic, group);
    await kafka.send(topic, ...notes(0, 10));
    first = await shop.catchUp(kafka, 10);
  });

  afterEach(() => shop.stop());

  afterAll(async () => {
    await kafka.close();
    await connection.close();
  });

  it('is equal after every stop, and a start finds nothing to tell', async () => {
    expect(first).toEqual({ got: names(0, 10), gaps: 0, gone: 0 });
    await kafka.send(topic, ...notes(10, 30));
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: names(10, 30), gaps: 0, gone: 0 });
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: [], gaps: 0, gone: 0 });
  });

  it('a group that was set to the end while its consumer was stopped goes back', async () => {
    await kafka.send(topic, ...notes(10, 30));
    await kafka.moveGroup(group, topic, 30);
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: names(10, 30), gaps: 1, gone: 0 });
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: [], gaps: 0, gone: 0 });
  });

  it('goes back too where more comes behind the gap', async () => {
    await kafka.send(topic, ...notes(10, 30));
    await kafka.moveGroup(group, topic, 25);
    const caught = shop.catchUp(kafka, 40);
    await kafka.send(topic, ...notes(30, 40));
    const { got, gaps } = await caught;
    expect([got, gaps]).toEqual([names(10, 40), 1]);
  });

  it('a group whose offsets expired goes on at the store', async () => {
    await kafka.send(topic, ...notes(10, 15));
    await kafka.forgetGroup(group);
    expect(await shop.catchUp(kafka, 15)).toEqual({ got: names(10, 15), gaps: 0, gone: 0 });
  });

  it('a group that was set to the beginning reads it again, and nothing is told', async () => {
    await kafka.moveGroup(group, topic, 0);
    await kafka.send(topic, ...notes(10, 12));
    expect(await shop.catchUp(kafka, 12)).toEqual({ got: names(0, 12), gaps: 0, gone: 0 });
  });

  it('what is read again tells nothing of how fast events are delivered', async () => {
    const old = { ce_time: new Date(Date.now() - 3_600_000).toISOString() };
    const timed = (from: number, to: number) =>
      notes(from, to).map((note) => ({ ...note, headers: { ...note.headers, ...old } }));
    await kafka.send(topic, ...timed(10, 15));
    await shop.catchUp(kafka, 15);
    await kafka.moveGroup(group, topic, 0);
    await kafka.send(topic, ...timed(15, 17));
    const { registry } = await shop.start();
    await eventually(
      () => shop.own(),
      (own) => own === 17,
    );
    expect(shop.got.slice(-17)).toEqual(names(0, 17));
    expect(await registry.metrics()).toContain(`consumer_delay_seconds_count{topic="${topic.name}"} 2\n`);
  });

  it('says which records are gone, and goes on with what is left', async () => {
    await kafka.send(topic, ...notes(10, 30));
    await kafka.moveGroup(group, topic, 30);
    await kafka.deleteBefore(topic, 20);
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: names(20, 30), gaps: 1, gone: 1 });
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: [], gaps: 0, gone: 0 });
  });

  it('a store that knows nothing of the log takes over where the group is', async () => {
    await connection.db?.collection('consumer.offsets').deleteMany({ topic: topic.name });
    await kafka.send(topic, ...notes(10, 12));
    expect(await shop.catchUp(kafka, 12)).toEqual({ got: names(10, 12), gaps: 0, gone: 0 });
  });

  it('a topic that was created anew is read from its beginning, although it is longer than the old one', async () => {
    await kafka.createAnew(topic);
    await kafka.send(topic, ...notes(0, 25));
    expect(await shop.catchUp(kafka, 25)).toEqual({ got: names(0, 25), gaps: 0, gone: 0 });
  });

  it('a partition that is new begins at its beginning, whatever was committed for it', async () => {
    await kafka.grow(topic, 2);
    await eventually(
      () => kafka.end(topic, 1),
      (end) => end === 0,
    );
    // a producer that knows the new partition
    const grown = await Kafka.connect();
    await grown.send(topic, ...notes(10, 16).map((each) => ({ ...each, partition: 1 })));
    await grown.close();
    await kafka.moveGroup(group, topic, 4, 1);
    const { metrics } = await shop.start();
    await eventually(
      () => shop.own(1),
      (own) => own === 6,
    );
    expect(shop.got.slice(-6)).toEqual(names(10, 16));
    expect((await metrics.gaps.get()).values).toMatchObject([{ value: 1 }]);
  });

  it('markers of transactions and aborted records are no gap', async () => {
    await kafka.transact(topic, 'commit', ...notes(10, 12));
    await kafka.transact(topic, 'abort', ...notes(12, 15));
    // 2 records and a marker, 3 records and a marker; markers are written after the transaction was answered
    await eventually(
      () => kafka.end(topic),
      (end) => end === 17,
    );
    expect(await shop.catchUp(kafka, 17)).toEqual({ got: names(10, 12), gaps: 0, gone: 0 });
    expect(await shop.catchUp(kafka, 17)).toEqual({ got: [], gaps: 0, gone: 0 });
  });

  it('two stores with one group see the gaps that they make for each other, and neither misses anything', async () => {
    const elsewhere = await connect();
    const other = new Shop(elsewhere, topic, group);
    await kafka.send(topic, ...notes(10, 20));
    expect(await other.catchUp(kafka, 20)).toEqual({ got: names(10, 20), gaps: 0, gone: 0 });
    await kafka.send(topic, ...notes(20, 30));
    expect(await shop.catchUp(kafka, 30)).toEqual({ got: names(10, 30), gaps: 1, gone: 0 });
    await kafka.send(topic, ...notes(30, 31));
    expect(await other.catchUp(kafka, 31)).toEqual({ got: names(20, 31), gaps: 1, gone: 0 });
    await elsewhere.close();
  });
});

describe('two environments on one cluster', () => {
  it('see only their own records and offsets when their prefixes differ', async () => {
    const kafka = await Kafka.connect();
    const [topic, service] = [noteTopic('state', partitions), `service-${randomUUID()}`];
    const stores = await Promise.all([connect(), connect()]);
    const names = ['test-', 'uat-'] as const;
    const started = await Promise.all(
      names.map(async (prefix, index) => {
        const got: string[] = [];
        const prefixes = { topicPrefix: prefix, groupPrefix: prefix };
        await kafka.create({ ...topic, name: `${prefix}${topic.name}` });
        const parts = await consuming(
          topic,
          stores[index]!,
          async (events) => {
            got.push(...events.map(({ id }) => id));
            return events.map(() => 'applied');
          },
          { group: service, prefixes },
        );
        return { got, parts, environment: { ...topic, name: `${prefix}${topic.name}` } };
      }),
    );
    for (const [index, { environment }] of started.entries()) {
      await kafka.send(environment, message(`of-${index}`, 1), { ...message(`bad-${index}`, 1), value: '{' });
    }
    for (const [index, { got, parts, environment }] of started.entries()) {
      await eventually(
        () => kafka.committed(`${names[index]}${service}`, environment),
        (committed) => committed === 2,
      );
      expect(got).toEqual([`of-${index}`]);
      expect((await parts.parked.summary()).map(({ topic: name, lanes }) => [name, lanes])).toEqual([
        [environment.name, 1],
      ]);
      expect(await kafka.committed(service, environment)).toBe(-1);
      expect(await parts.metrics.consumed.get()).toMatchObject({
        values: [{ labels: { topic: environment.name } }, { labels: { topic: environment.name } }],
      });
    }
    await Promise.all(started.map(({ parts }) => parts.stop()));
    await Promise.all([kafka.close(), ...stores.map((store) => store.close())]);
  });
});

function names(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `n${from + index}`);
}

function notes(from: number, to: number) {
  return names(from, to).map((id) => message(id, 1));
}
