import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';
import { createCluster } from './cluster';
import { metadataRequest, readMetadata, type TopicIds } from './topic-ids';

/** Metadata of topics has their ids since version 10 (Kafka 2.8, KIP-516); kafkajs asks for version 6 at most. */
const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' } as const;

interface Broker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number }>>;
  readonly connectionPool: { send(exchange: Exchange): Promise<TopicIds> };
}

interface Exchange {
  readonly request: typeof METADATA & { encode(): Promise<unknown> };
  readonly response: { decode(payload: Buffer): Promise<TopicIds>; parse(data: TopicIds): Promise<TopicIds> };
}

interface Cluster {
  connect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  disconnect(): Promise<void>;
  findControllerBroker(): Promise<Broker>;
}

/**
 * Asks for the ids of the cluster and of topics, by a connection of its own. A topic that is created anew under its old name
 * has another id. `undefined` where the brokers are older than Kafka 2.8. Throws when Kafka does not answer.
 */
export async function topicIds(client: Kafka, topics: readonly string[]): Promise<TopicIds | undefined> {
  const cluster = createCluster(client) as Cluster;
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const broker = await cluster.findControllerBroker();
    if ((broker.versions[METADATA.apiKey]?.maxVersion ?? 0) < METADATA.apiVersion) return undefined;
    return await broker.connectionPool.send({
      request: { ...METADATA, encode: () => Promise.resolve(encoded(metadataRequest(topics))) },
      response: {
        decode: (payload) => Promise.resolve(readMetadata(payload)),
        parse: (data) => Promise.resolve(data),
      },
    });
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

function encoded(body: Buffer): unknown {
  const load = createRequire(require.resolve('kafkajs'));
  const Encoder = load('./src/protocol/encoder') as new () => { writeBuffer(bytes: Buffer): unknown };
  return new Encoder().writeBuffer(body);
}
