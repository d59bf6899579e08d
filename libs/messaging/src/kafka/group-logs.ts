import type { Admin } from 'kafkajs';
import { topicIds } from './ask-topic-ids';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

/** A partition's log, and where a group stands in it, as the cluster knows it. */
export interface GroupLog {
  readonly topic: string;
  readonly partition: number;
  /** Tells the log from that of a topic of the same name that was deleted, or is on another cluster. */
  readonly id: string;
  /** False where brokers are too old (before Kafka 2.8) to tell a topic from one that was created anew. */
  readonly isSure: boolean;
  /** Of the first record that is there. */
  readonly low: number;
  /** Of the next record. */
  readonly end: number;
  /** Where the group goes on; undefined where it has no offset, or its offset expired. */
  readonly committed: number | undefined;
}

const ABSENT = -1;

/** Reads all logs of some topics. Throws when Kafka does not answer. */
export async function readGroupLogs(
  settings: KafkaSettings,
  groupId: string,
  topics: readonly string[],
): Promise<GroupLog[]> {
  const client = kafkaClient(settings, `${groupId}-gaps`, { retries: 1 });
  const admin = client.admin();
  try {
    await admin.connect();
    const ids = await topicIds(client, topics);
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    const logs = committed.map(async ({ topic, partitions }) => {
      const offsets = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      const topicId = ids?.ids.get(topic);
      const isSure = topicId !== undefined;
      const id = `${ids?.clusterId ?? ''}/${topicId ?? topic}`;
      return (await rangesOf(admin, topic)).map((range) => ({
        ...range,
        id,
        isSure,
        committed: committedIn(offsets.get(range.partition) ?? ABSENT),
      }));
    });
    return (await Promise.all(logs)).flat();
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

type Range = Pick<GroupLog, 'topic' | 'partition' | 'low' | 'end'>;

async function rangesOf(admin: Admin, topic: string): Promise<Range[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.map(({ partition, low, high }) => ({ topic, partition, low: Number(low), end: Number(high) }));
}

/** kafkajs' resetOffsets commits -2, "the first record there is", and so does its consumer where its offset is out of range. */
function committedIn(offset: number): number | undefined {
  return offset === ABSENT ? undefined : Math.max(0, offset);
}
