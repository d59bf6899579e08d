import { randomUUID } from 'node:crypto';
import { customerChanges, johnDoe } from '@storefront/contracts';
import { type ITopicConfig, Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { type Contract, contractOf } from './links';
import { TopicTail } from './topic-tail';

const brokers = () => (process.env.KAFKA_BROKERS ?? '').split(',');

/** What a tail is of a topic with these records. */
async function tailOf(
  messages: Message[],
  { contract, maxKeys, ...config }: Partial<ITopicConfig> & { contract?: Contract; maxKeys?: number },
): Promise<TopicTail> {
  const topic = `tail.${randomUUID()}`;
  const kafka = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, ...config }] });
  await producer.send({ topic, messages });
  const tail = new TopicTail({ brokers: brokers() }, topic, {
    ...(contract && { contract }),
    ...(maxKeys && { maxKeys }),
  });
  try {
    await tail.read();
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
  return tail;
}

// the broker itself compresses what it stores, with Java's codecs
it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads the tail of a topic compressed with %s', async (codec) => {
  const text = 'again and '.repeat(200);
  const messages = [1, 2, 3].map((version) => ({
    key: 'ada',
    value: JSON.stringify({ id: 'ada', text }),
    headers: { ce_aggregateversion: String(version) },
  }));
  const configEntries = [{ name: 'compression.type', value: codec }];
  const tail = await tailOf(messages, { configEntries });
  expect([await tail.unseen(9), tail.see('ada'), tail.keys]).toMatchObject([['ada'], { id: 'ada', version: 3 }, 1]);
});

it('counts only what readers take, and nothing where the last record of a key is something else', async () => {
  const value = (id: string) => JSON.stringify({ id, ...johnDoe });
  const record = (key: string | null, version: string, more: Partial<Message> = {}): Message => ({
    key,
    value: value(key ?? 'keyless'),
    headers: { ce_aggregateversion: version },
    ...more,
  });
  const unreadable = ['0x10', '1e3', '+1', ' 1', '007', '1000000000000000'].map((version) => record(version, version));
  const tail = await tailOf(
    [
      ...unreadable,
      record('bom', '1', { value: `\ufeff${value('bom')}` }),
      record('type', '1', { headers: { ce_aggregateversion: '1', ce_type: 'storefront.weather.changed' } }),
      record('fields', '1', { value: '{"id":"fields"}' }),
      record('spoilt', '4'),
      record('spoilt', '5', { value: '{' }),
      record('gone', '2', { value: null }),
      record(null, '3'),
      record('another', '6', { value: value('inside') }),
      record('subject', '7', { headers: { ce_aggregateversion: '7', ce_subject: 'subject' } }),
      record('contrary', '8', { headers: { ce_aggregateversion: '8', ce_subject: 'subject' } }),
      record('buried', '9', { headers: { ce_aggregateversion: '9', ce_subject: 'subject' }, value: null }),
      record('twofold', '4', { headers: { ce_aggregateversion: ['4', '9'] } }),
    ],
    { contract: contractOf(customerChanges.name) },
  );
  const ids = await tail.unseen(99);
  const entries = ids.map((id) => tail.see(id));
  expect(entries.map((entry) => [entry?.id, entry?.version, entry?.deleted === true])).toEqual([
    ['bom', 1, false],
    ['gone', 2, true],
    ['keyless', 3, false],
    ['inside', 6, false],
    ['subject', 7, false],
  ]);
  const none = ['spoilt', 'type', 'fields', 'another', '0x10', 'contrary', 'buried', 'twofold'];
  expect(none.map((id) => tail.see(id))).toEqual(none.map(() => undefined));
  expect(await tail.unseen(99)).toEqual([]);
});

it('comes to its end where all of the topic was aborted, and a marker is its last record', async () => {
  const topic = `tail.${randomUUID()}`;
  const kafka = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] });
  const transaction = await producer.transaction();
  const headers = { ce_aggregateversion: '1' };
  await transaction.send({ topic, messages: [{ key: 'ada', value: '{"id":"ada"}', headers }] });
  await transaction.abort();
  const tail = new TopicTail({ brokers: brokers() }, topic);
  await tail.read();
  expect([tail.keys, tail.heldBack]).toEqual([0, undefined]);
  const open = await producer.transaction();
  await open.send({ topic, messages: [{ key: 'ada', value: '{"id":"ada"}', headers }] });
  await tail.read();
  await tail.read();
  expect(tail.heldBack).toBe(`a transaction that began at offset 2 of ${topic}[0] is open`);
  await open.commit();
  await tail.read();
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  expect([tail.see('ada'), tail.heldBack]).toMatchObject([{ id: 'ada', version: 1 }, undefined]);
});

it('tells which topic has more keys than are kept', async () => {
  const messages = Array.from({ length: 30 }, (_, n) => ({
    key: `k${n}`,
    value: `{"id":"k${n}"}`,
    headers: { ce_aggregateversion: '1' },
  }));
  await expect(tailOf(messages, { maxKeys: 20 })).rejects.toThrow(/^tail\.[0-9a-f-]+ has more than 20 keys/);
  expect((await tailOf(messages, { maxKeys: 30 })).keys).toBe(30);
});
