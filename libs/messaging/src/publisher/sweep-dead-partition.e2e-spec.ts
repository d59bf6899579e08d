import { Partitioners } from 'kafkajs';
import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingOptions, type PublishingParts } from '../../testing/harness';
import { versionsOf } from '../../testing/kafka';
import { type Note, noteTopic, written } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';
import { KafkaProducer, type OutgoingMessage } from '../kafka/kafka-producer';

const MARKS_A_LOOK = 10;
const STUCK = 25;
/** Half of it is full with seven events of the dead partition, and they do not make it crowded. */
const MEMORY_BYTES = 4_000;
const DEAD = 0;

/** One partition has no leader; all others are well. */
class OneDeadPartition extends KafkaProducer {
  override async send(messages: Map<string, OutgoingMessage[]>): Promise<void> {
    if ([...messages.values()].flat().some(({ partition }) => partition === DEAD)) throw new Error('no leader');
    return super.send(messages);
  }
}

describe('the sweep, while a dead partition fills its half of the memory', () => {
  const topic = noteTopic();
  const started: PublishingParts[] = [];
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect();
  });

  afterAll(async () => {
    for (const parts of started) await parts.stop(0);
    await connection.close();
  });

  function instance(options: PublishingOptions): { store: AggregateStore<Note, string>; parts: PublishingParts } {
    const parts = publishing(topic, options);
    started.push(parts);
    return {
      store: new AggregateStore<Note, string>(connection.collection('notes'), parts.publisher, { topic }),
      parts,
    };
  }

  /** Ids of notes whose events go to the dead partition, or to another one. */
  function ids(count: number, { dead }: { dead: boolean }): string[] {
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: topic.partitions }, (_, partitionId) => ({
      partitionId,
      leader: 0,
    }));
    const found: string[] = [];
    for (let n = 0; found.length < count; n++) {
      const message = { key: `n${n}`, value: null };
      const to = partitioner({ topic: topic.name, partitionMetadata: partitionMetadata as never, message });
      if ((to === DEAD) === dead) found.push(message.key);
    }
    return found;
  }

  it("publishes what another one left behind more of the dead partition's documents than it looks at", async () => {
    const options = { maxMemoryBytes: MEMORY_BYTES, maxMarks: MARKS_A_LOOK, Producer: OneDeadPartition };
    const { store, parts } = instance(options);
    for (const id of ids(STUCK, { dead: true })) await store.insert(id, written(id, 'stuck'));
    const gone = instance({ started: false });
    const [behind = ''] = ids(1, { dead: false });
    await gone.store.insert(behind, written(behind, 'behind'));
    await gone.parts.stop(0);
    const held = parts.publisher.pendingEvents;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(MARKS_A_LOOK);

    parts.sweep.start();
    await eventually(
      () => store.collection.findOne({ _id: behind }),
      (document) => document?.outboxSince === undefined,
      200_000,
    );
    const [oldest] = await store.collection
      .find({ outboxSince: { $exists: true } })
      .sort({ outboxSince: 1 })
      .toArray();
    const age = Date.now() - (oldest?.outboxSince ?? 0);
    expect(parts.metrics.oldestAgeMs).toBeGreaterThanOrEqual(age);
    expect(await versionsOf(topic, behind)).toEqual([1]);
    expect(await store.collection.countDocuments({ outboxSince: { $exists: true } })).toBe(STUCK);
  });
});
