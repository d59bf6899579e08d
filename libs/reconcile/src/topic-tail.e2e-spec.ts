import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { TopicTail } from './topic-tail';

const brokers = () => (process.env.KAFKA_BROKERS ?? '').split(',');

// the broker itself compresses what it stores, with Java's codecs
it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads the tail of a topic compressed with %s', async (codec) => {
  const kafka = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING });
  const topic = `tail.${randomUUID()}`;
  const [admin, producer] = [kafka.admin(), kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), producer.connect()]);
  const configEntries = [{ name: 'compression.type', value: codec }];
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, configEntries }] });
  const text = 'again and '.repeat(200);
  const messages = [1, 2, 3].map((version) => ({
    key: 'ada',
    value: JSON.stringify({ id: 'ada', text }),
    headers: { ce_aggregateversion: String(version) },
  }));
  await producer.send({ topic, messages });
  const tail = new TopicTail({ brokers: brokers() }, topic);
  await tail.read();
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  expect([...tail.entries.values()]).toMatchObject([{ id: 'ada', version: 3 }]);
});
