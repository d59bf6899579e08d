import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { CompressionCodecs, CompressionTypes, type EachMessagePayload, Kafka, logLevel } from 'kafkajs';
import { eventually } from '../../test/eventually';

const PRODUCERS = 4;

CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
  decompress: async (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

/** A broker that has just started has not loaded everything: a client asks again. */
function connect(brokers: string, { retries = 20, connectionTimeout = 3_000 } = {}): Kafka {
  const retry = { retries, initialRetryTime: 50, maxRetryTime: 500 };
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, connectionTimeout, retry });
}

export async function createTopic(brokers: string, topic: string): Promise<void> {
  const admin = connect(brokers).admin();
  await admin.connect();
  // kafkajs' own wait gives up on a broker that has not heard of the topic yet
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3 }] });
  await eventually(
    () => admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined),
    (metadata) => metadata?.topics[0]?.partitions.every(({ leader }) => leader >= 0) ?? false,
  );
  await admin.disconnect();
}

/** Where clients that came by this address are told that the brokers are. */
export async function brokerPorts(address: string): Promise<number[]> {
  const admin = connect(address).admin();
  await admin.connect();
  const { brokers } = await admin.describeCluster();
  await admin.disconnect();
  return brokers.map(({ port }) => port);
}

/** Sends one batch a codec; the values sent. */
export async function sendCompressed(brokers: string, topic: string): Promise<string[]> {
  const producer = connect(brokers).producer();
  await producer.connect();
  const sent: string[] = [];
  for (const compression of [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.ZSTD]) {
    const values = Array.from({ length: 20 }, (_, count) => `codec ${compression}, record ${count}`);
    await producer.send({ topic, acks: -1, compression, messages: values.map((value) => ({ key: value, value })) });
    sent.push(...values);
  }
  await producer.disconnect();
  return sent;
}

/** Sends from several producers at once until the broker is gone; notes the values whose record was acknowledged. */
export async function sendUntilFailure(brokers: string, topic: string, acknowledged: string[]): Promise<void> {
  const send = async (writer: number) => {
    // no patience: it must notice soon that the broker is killed
    const producer = connect(brokers, { retries: 1, connectionTimeout: 500 }).producer();
    await producer.connect();
    for (let count = 0; ; count++) {
      const value = `${writer}-${count}`;
      try {
        await producer.send({ topic, acks: -1, timeout: 1_000, messages: [{ key: value, value }] });
      } catch {
        break; // killed, as planned
      }
      acknowledged.push(value);
    }
    await producer.disconnect();
  };
  await Promise.all(Array.from({ length: PRODUCERS }, async (_, writer) => send(writer)));
}

/** Every value on the topic, a record sent twice twice. */
export async function readAll(brokers: string, topic: string): Promise<string[]> {
  const kafka = connect(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const expected = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);

  const consumer = kafka.consumer({ groupId: `read-all-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  // a consumer that was slow is sent the same records again
  const values = new Map<string, string>();
  await new Promise<void>((done, failed) => {
    const eachMessage = async ({ partition, message }: EachMessagePayload) => {
      values.set(`${partition}[${message.offset}]`, message.value?.toString() ?? '');
      if (values.size === expected) done();
      return Promise.resolve();
    };
    consumer.run({ eachMessage }).catch(failed);
  });
  await consumer.disconnect();
  return [...values.values()];
}
